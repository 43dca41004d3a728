package dev.fewbit.model.session;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.architecture.DecoderMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An artifact's decoder on the CPU. The artifact is only read; its weights are mapped, not copied, where they need no
 * widening.
 *
 * @see DecoderGraph
 */
public final class DecoderSession implements Decoder {
    private final Path artifact;
    private final SessionSettings settings;
    private final DecoderMetadata metadata;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final KeyValueCache cache;
    private final int vocabulary;
    private final int top;
    private final Map<Integer, StepBuffers> decodeBuffers = new HashMap<>();
    /** Tokens that each row of the cache holds: a row of no use writes behind them. */
    private final int[] held;

    private DecoderSession(
            Path artifact,
            SessionSettings settings,
            DecoderMetadata metadata,
            OrtEnvironment environment,
            OrtSession session)
            throws OrtException {
        this.artifact = artifact;
        held = new int[settings.cacheRows()];
        this.settings = settings;
        this.metadata = metadata;
        this.environment = environment;
        this.session = session;
        Map<String, NodeInfo> outputs = session.getOutputInfo();
        vocabulary = Math.toIntExact(shape(outputs, DecoderGraph.LOGITS)[1]);
        top = Math.toIntExact(shape(outputs, DecoderGraph.TOP_LOGITS)[1]);
        long[] keys = shape(outputs, DecoderGraph.presentKey(0));
        int layers = 0;
        while (outputs.containsKey(DecoderGraph.presentKey(layers))) {
            layers++;
        }
        cache = new KeyValueCache(
                environment,
                new KeyValueCache.Shape(
                        layers,
                        settings.cacheRows(),
                        Math.toIntExact(keys[1]),
                        settings.maxLength(),
                        Math.toIntExact(keys[3])));
    }

    /**
     * Loads an artifact.
     *
     * @param artifact directory with {@code model.onnx} and {@code weights.bin}
     * @throws InvalidArtifactException when there is no such model in it, or it is not one of ours
     * @throws IllegalArgumentException when the settings ask for more than the model has
     */
    public static DecoderSession open(Path artifact, SessionSettings settings) {
        try (ModelPreparation.Prepared prepared =
                ModelPreparation.prepare(artifact, settings.mode(), settings.scratchDirectory())) {
            return open(artifact, settings, prepared);
        } catch (IOException e) {
            throw new UncheckedIOException(artifact + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** What an artifact says about its model, which is not loaded. */
    public static DecoderMetadata metadata(Path artifact) {
        try {
            return ModelPreparation.metadata(artifact, ModelPreparation.read(artifact, DecoderGraph.MODEL_FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(artifact + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static DecoderSession open(Path artifact, SessionSettings settings, ModelPreparation.Prepared prepared) {
        DecoderMetadata metadata = ModelPreparation.metadata(artifact, prepared.model());
        if (settings.maxLength() > metadata.maxPositions()) {
            throw new IllegalArgumentException("maxLength " + settings.maxLength() + ": at most "
                    + metadata.maxPositions() + ", the model's longest sequence");
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession session = null;
        try (OrtSession.SessionOptions options = SessionOptionsFactory.create(settings, prepared.directory())) {
            session = environment.createSession(prepared.model().toByteArray(), options);
            DecoderSession opened = new DecoderSession(artifact, settings, metadata, environment, session);
            session = null;
            return opened;
        } catch (OrtException e) {
            throw new InvalidArtifactException(
                    artifact.resolve(DecoderGraph.MODEL_FILE), "cannot be loaded: " + e.getMessage(), e);
        } finally {
            if (session != null) {
                release(session);
            }
        }
    }

    /** What the artifact says about its model. */
    public DecoderMetadata metadata() {
        return metadata;
    }

    @Override
    public int slots() {
        return settings.slots();
    }

    @Override
    public int maxLength() {
        return settings.maxLength();
    }

    /** Bytes of the keys and values of all slots, and of a row of no use where {@link BatchRows} wants one. */
    public long cacheBytes() {
        return cache.bytes();
    }

    @Override
    public int top() {
        return top;
    }

    @Override
    public Candidates prefill(int slot, int[] prompt, int from, int to) {
        requireSlot(slot);
        requireLength(prompt.length);
        if (from < 0 || from >= to || to > prompt.length) {
            throw new IllegalArgumentException(
                    "a chunk from " + from + " to " + to + " of a prompt of " + prompt.length + " tokens");
        }
        try (StepBuffers buffers = prefillBuffers(prompt, from, to, 1)) {
            buffers.setLogitRow(0, to - from - 1);
            run(buffers, cache.view(slot, 1), 1, Set.of());
            held[slot] = to;
            return buffers.candidates(1).getFirst();
        } catch (OrtException e) {
            throw new InferenceException("prefill of " + (to - from) + " tokens failed: " + e.getMessage(), e);
        }
    }

    @Override
    public List<Candidates> decode(int[] tokens, int[] lengths) {
        try {
            StepBuffers buffers = decodeBuffers(tokens, lengths);
            run(buffers, cache.view(0, settings.rows().of(tokens.length)), tokens.length, Set.of());
            hold(lengths);
            return buffers.candidates(tokens.length);
        } catch (OrtException e) {
            throw new InferenceException("decoding " + tokens.length + " rows failed: " + e.getMessage(), e);
        }
    }

    /** As {@link #prefill}, with the full logits behind every token of the prompt. */
    public Logits prefillLogits(int slot, int[] prompt) {
        requireSlot(slot);
        requireLength(prompt.length);
        try (StepBuffers buffers = prefillBuffers(prompt, 0, prompt.length, prompt.length)) {
            for (int row = 0; row < prompt.length; row++) {
                buffers.setLogitRow(row, row);
            }
            Logits logits = run(buffers, cache.view(slot, 1), prompt.length, Set.of(DecoderGraph.LOGITS));
            held[slot] = prompt.length;
            return logits;
        } catch (OrtException e) {
            throw new InferenceException("prefill of " + prompt.length + " tokens failed: " + e.getMessage(), e);
        }
    }

    /** As {@link #decode}, with the full logits of every row. */
    public Logits decodeLogits(int[] tokens, int[] lengths) {
        try {
            StepBuffers buffers = decodeBuffers(tokens, lengths);
            int rows = settings.rows().of(tokens.length);
            Logits logits = run(buffers, cache.view(0, rows), tokens.length, Set.of(DecoderGraph.LOGITS));
            hold(lengths);
            return logits;
        } catch (OrtException e) {
            throw new InferenceException("decoding " + tokens.length + " rows failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void copy(int from, int to, int length) {
        requireSlot(from);
        requireSlot(to);
        cache.copy(from, to, length);
        held[to] = length;
    }

    private StepBuffers prefillBuffers(int[] prompt, int from, int to, int rows) throws OrtException {
        StepBuffers buffers = new StepBuffers(environment, 1, to - from, rows, top);
        for (int i = from; i < to; i++) {
            buffers.setId(i - from, prompt[i]);
        }
        buffers.setLastPosition(0, to - 1);
        buffers.setTotalLength(to);
        return buffers;
    }

    private StepBuffers decodeBuffers(int[] tokens, int[] lengths) throws OrtException {
        if (tokens.length < 1 || tokens.length > settings.slots() || tokens.length != lengths.length) {
            throw new IllegalArgumentException("a step of " + tokens.length + " tokens over " + lengths.length
                    + " lengths: one of each for 1 to " + settings.slots() + " slots");
        }
        int rows = settings.rows().of(tokens.length);
        StepBuffers buffers = decodeBuffers.get(rows);
        if (buffers == null) {
            buffers = new StepBuffers(environment, rows, 1, rows, top);
            for (int row = 0; row < rows; row++) {
                buffers.setLogitRow(row, row);
            }
            decodeBuffers.put(rows, buffers);
        }
        int longest = 0;
        if (rows > tokens.length) {
            int behind = Math.min(held[tokens.length], settings.maxLength() - 1);
            buffers.setId(tokens.length, tokens[0]);
            buffers.setLastPosition(tokens.length, behind);
            longest = behind + 1;
        }
        for (int row = 0; row < tokens.length; row++) {
            requireLength(lengths[row] + 1);
            buffers.setId(row, tokens[row]);
            buffers.setLastPosition(row, lengths[row]);
            longest = Math.max(longest, lengths[row] + 1);
        }
        buffers.setTotalLength(longest);
        return buffers;
    }

    private void hold(int[] lengths) {
        for (int row = 0; row < lengths.length; row++) {
            held[row] = lengths[row] + 1;
        }
    }

    /**
     * Runs a step, and returns the full logits when they are among {@code more}, else {@code null}.
     *
     * @param count rows of logits that matter, the first ones
     */
    private Logits run(StepBuffers buffers, KeyValueCache.View view, int count, Set<String> more) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>(view.past());
        inputs.putAll(buffers.inputs());
        Map<String, OnnxTensor> pinned = new HashMap<>(view.present());
        pinned.putAll(buffers.outputs());
        try (OrtSession.Result result = session.run(inputs, more, pinned)) {
            Optional<String> fault = buffers.fault(count);
            if (fault.isPresent()) {
                throw new InferenceException(fault.get() + "; " + origin(inputs, view.present()));
            }
            if (more.isEmpty()) {
                return null;
            }
            FloatBuffer logits = ((OnnxTensor) result.get(DecoderGraph.LOGITS).orElseThrow()).getFloatBuffer();
            float[] values = new float[count * vocabulary];
            logits.get(values);
            return new Logits(values, vocabulary);
        }
    }

    /** Where numbers ceased to be finite. */
    private String origin(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> present) throws OrtException {
        try {
            return new NonFiniteSearch(artifact, settings)
                    .first(inputs, present)
                    .map(node -> "first in " + node)
                    .orElse("not so when run again");
        } catch (IOException e) {
            return "the model cannot be read again to find where: " + e.getMessage();
        }
    }

    private void requireSlot(int slot) {
        if (slot < 0 || slot >= settings.slots()) {
            throw new IllegalArgumentException("slot " + slot + ": 0 to " + (settings.slots() - 1));
        }
    }

    private void requireLength(int length) {
        if (length < 1 || length > settings.maxLength()) {
            throw new IllegalArgumentException(
                    "a sequence of " + length + " tokens: 1 to " + settings.maxLength() + " fit a slot");
        }
    }

    private static long[] shape(Map<String, NodeInfo> infos, String name) {
        return ((TensorInfo) infos.get(name).getInfo()).getShape();
    }

    @Override
    public void close() {
        decodeBuffers.values().forEach(StepBuffers::close);
        cache.close();
        release(session);
    }

    private static void release(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            throw new InferenceException("closing the session failed: " + e.getMessage(), e);
        }
    }
}
