package dev.fewbit.model.checkpoint;

import dev.fewbit.model.decoder.AttentionSpec;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.model.decoder.Positions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * What {@code config.json} says, defaults filled in as {@code transformers} does. Layers are alike in their sizes.
 *
 * @param decoder the decoder that it asks for
 * @param bosTokenId begins a sequence, where the model has one
 * @param eosTokenIds end a completion: of {@code generation_config.json} where it names any, else of {@code config.json}
 */
public record ModelConfig(DecoderSpec decoder, OptionalInt bosTokenId, List<Integer> eosTokenIds) {
    public ModelConfig {
        eosTokenIds = List.copyOf(eosTokenIds);
    }

    /**
     * Reads the configuration in a checkpoint's directory; its weights need not be there.
     *
     * @throws InvalidCheckpointException when there is none, or it asks for what is not built
     * @throws UncheckedIOException when a file cannot be read
     */
    public static ModelConfig read(Path directory) {
        if (!Files.isRegularFile(directory.resolve(ModelConfigReader.CONFIG))) {
            throw new InvalidCheckpointException(directory, "has no " + ModelConfigReader.CONFIG);
        }
        try {
            return ModelConfigReader.read(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Such as {@code LlamaForCausalLM}. */
    public String architecture() {
        return decoder.architecture();
    }

    /** Rows of the embedding. */
    public int vocabSize() {
        return decoder.vocabSize();
    }

    /** Width of the residual stream. */
    public int hiddenSize() {
        return decoder.hiddenSize();
    }

    /** Width inside the MLP. */
    public int intermediateSize() {
        return decoder.layers().getFirst().mlp().up().n();
    }

    /** Decoder layers. */
    public int layers() {
        return decoder.layers().size();
    }

    /** Query heads. */
    public int heads() {
        return attention().heads();
    }

    /** Key and value heads; divides {@link #heads}. */
    public int kvHeads() {
        return attention().kvHeads();
    }

    /** Width of a head. */
    public int headDim() {
        return attention().headDim();
    }

    /** Added to the mean square, or to the variance, in the norms. */
    public double rmsNormEps() {
        return decoder.lastNorm().epsilon();
    }

    /** Base of the rotary frequencies. */
    public double ropeTheta() {
        return switch (decoder.positions()) {
            case Positions.Rotary rotary -> rotary.theta();
            case Positions.Learned learned ->
                throw new IllegalStateException(architecture() + " has learned positions: " + learned.weight());
        };
    }

    /** Longest sequence. */
    public int maxPositionEmbeddings() {
        return decoder.maxPositions();
    }

    /** The head's weight is the embedding. */
    public boolean tieWordEmbeddings() {
        return decoder.head().tied();
    }

    private AttentionSpec attention() {
        return decoder.layers().getFirst().attention();
    }
}
