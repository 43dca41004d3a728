package dev.fewbit.model.decoding;

import dev.fewbit.model.architecture.DecoderMetadata;
import dev.fewbit.model.session.Decoder;
import dev.fewbit.model.session.DecoderSession;
import dev.fewbit.model.session.SessionSettings;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Draws completions from an artifact with a batch of slots. For one thread at a time.
 *
 * <p>A fault of the machinery ({@code InferenceException}) ends a generation; samples that were delivered before are good,
 * and none of the others is.
 */
public final class GenerationEngine implements AutoCloseable {
    private final Decoder decoder;
    private final DecoderMetadata metadata;
    private final TokenBytes tokenBytes;
    private final int prefillChunk;

    /**
     * An engine over a decoder of any kind.
     *
     * @param decoder becomes the engine's to close
     * @param tokenBytes of the artifact's tokenizer
     * @param prefillChunk as in {@link EngineSettings}
     */
    GenerationEngine(Decoder decoder, DecoderMetadata metadata, TokenBytes tokenBytes, int prefillChunk) {
        this.prefillChunk = prefillChunk;
        this.decoder = decoder;
        this.metadata = metadata;
        this.tokenBytes = tokenBytes;
    }

    /**
     * Loads an artifact: its model and its {@code tokenizer.json}.
     *
     * @throws dev.fewbit.model.session.InvalidArtifactException when it is not one of ours
     */
    public static GenerationEngine open(Path artifact, EngineSettings settings) {
        TokenBytes tokenBytes = TokenBytes.open(artifact);
        DecoderMetadata metadata = DecoderSession.metadata(artifact);
        int maxLength = Math.min(settings.maxLength(), metadata.maxPositions());
        SessionSettings session = new SessionSettings(
                settings.threads(),
                settings.slots(),
                maxLength,
                settings.mode(),
                settings.waiting(),
                settings.rows(),
                settings.scratchDirectory());
        return new GenerationEngine(
                DecoderSession.open(artifact, session), metadata, tokenBytes, settings.prefillChunk());
    }

    /**
     * An engine over a decoder of another kind, with the tokenizer of its artifact.
     *
     * @param decoder becomes the engine's to close
     * @param prefillChunk as in {@link EngineSettings}
     */
    public static GenerationEngine over(Decoder decoder, Path artifact, int prefillChunk) {
        return new GenerationEngine(
                decoder, DecoderSession.metadata(artifact), TokenBytes.open(artifact), prefillChunk);
    }

    /** What the artifact says of its model: the tokens that end a completion, for one. */
    public DecoderMetadata metadata() {
        return metadata;
    }

    /** The largest {@code top_k}: how many logits a row brings back. */
    public int top() {
        return decoder.top();
    }

    /** How its decoder holds sequences, by the names that provenance shows. */
    public Map<String, String> circumstances() {
        return decoder.circumstances();
    }

    /** Longest prompt and completion together, in tokens. */
    public int maxLength() {
        return decoder.maxLength();
    }

    /**
     * Draws all samples of all prompts. Completions are handed over as they end, by the calling thread, in no order that
     * means anything.
     *
     * @param prompts taken one at a time, when a slot is free
     * @param cancelled asked between steps; once true, generation ends and what is not complete is dropped
     * @return what it took
     */
    public GenerationStatistics generate(
            Iterator<Prompt> prompts,
            DecodingParameters parameters,
            StopCondition stop,
            Consumer<Completion> sink,
            BooleanSupplier cancelled) {
        parameters.requireFits(decoder);
        RunningSample.Rules rules = new RunningSample.Rules(
                parameters,
                new TokenSampler(parameters),
                stop,
                new StopStrings(stop.stopStrings()),
                tokenBytes,
                parameters.maxLength().orElse(decoder.maxLength()));
        BatchScheduler scheduler = new BatchScheduler(decoder.slots(), prefillChunk, prompts, rules);
        return new GenerationLoop(decoder, scheduler, sink).run(cancelled);
    }

    @Override
    public void close() {
        decoder.close();
    }
}
