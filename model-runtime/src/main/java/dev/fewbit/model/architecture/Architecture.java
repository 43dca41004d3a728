package dev.fewbit.model.architecture;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.onnx.Value;
import java.io.IOException;
import java.util.List;

/** A kind of decoder that we can build. */
public sealed interface Architecture permits Llama {
    /** Name of the embedding's weight. */
    String EMBEDDING = "model.embed_tokens.weight";

    /** Name of an untied head's weight. */
    String HEAD = "lm_head.weight";

    /** The architecture that a configuration names; the checkpoint's reader has refused those we do not know. */
    static Architecture of(ModelConfig config) {
        return switch (config.architecture()) {
            case Llama.NAME -> new Llama(config);
            default ->
                throw new IllegalArgumentException(
                        "architecture " + config.architecture() + " is unknown: " + Llama.NAME);
        };
    }

    ModelConfig config();

    /**
     * The linears of the decoder's layers, in the graph's order: what is quantized. The head of an untied model is asked
     * for as a linear too, as {@link #HEAD}, but is not among them.
     */
    List<LinearShape> linears();

    /** The tensors that are no linears, in the graph's order: embedding and norms. */
    List<String> tensors();

    /** Adds the layers over the embedded tokens {@code [batch, length, hidden]}, and returns the last norm of the same shape. */
    Value build(DecoderParts parts, Value embedded) throws IOException;
}
