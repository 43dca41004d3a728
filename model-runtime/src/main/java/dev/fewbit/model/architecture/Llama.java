package dev.fewbit.model.architecture;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.onnx.Operators;
import dev.fewbit.model.onnx.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The Llama decoder: pre-norm layers of rotary grouped-query attention and a SiLU-gated MLP, no biases. CodeLlama,
 * DeepSeek-Coder, SmolLM2, Yi-Coder, OpenCoder and Granite-Code are all of it.
 *
 * @param config of the checkpoint
 */
public record Llama(ModelConfig config) implements Architecture {
    static final String NAME = "LlamaForCausalLM";

    @Override
    public List<LinearShape> linears() {
        int hidden = config.hiddenSize();
        int queries = config.heads() * config.headDim();
        int keys = config.kvHeads() * config.headDim();
        int inner = config.intermediateSize();
        List<LinearShape> linears = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            linears.add(new LinearShape(weight(layer, "self_attn.q_proj"), queries, hidden));
            linears.add(new LinearShape(weight(layer, "self_attn.k_proj"), keys, hidden));
            linears.add(new LinearShape(weight(layer, "self_attn.v_proj"), keys, hidden));
            linears.add(new LinearShape(weight(layer, "self_attn.o_proj"), hidden, queries));
            linears.add(new LinearShape(weight(layer, "mlp.gate_proj"), inner, hidden));
            linears.add(new LinearShape(weight(layer, "mlp.up_proj"), inner, hidden));
            linears.add(new LinearShape(weight(layer, "mlp.down_proj"), hidden, inner));
        }
        return linears;
    }

    @Override
    public List<String> tensors() {
        List<String> tensors = new ArrayList<>();
        tensors.add(Architecture.EMBEDDING);
        for (int layer = 0; layer < config.layers(); layer++) {
            tensors.add(inputNorm(layer));
            tensors.add(weight(layer, "post_attention_layernorm"));
        }
        tensors.add(inputNorm(config.layers()));
        return tensors;
    }

    @Override
    public Value build(DecoderParts parts, Value embedded) throws IOException {
        Operators ops = parts.ops();
        float epsilon = (float) config.rmsNormEps();
        Value residual = embedded;
        Value normed = ops.rmsNorm("layer_0_input_norm", residual, parts.gain(inputNorm(0)), epsilon);
        for (int layer = 0; layer < config.layers(); layer++) {
            String name = "layer_" + layer;
            Value packed = parts.linear(
                    name + "_qkv",
                    normed,
                    List.of(
                            weight(layer, "self_attn.q_proj"),
                            weight(layer, "self_attn.k_proj"),
                            weight(layer, "self_attn.v_proj")));
            Value attended = parts.attention(layer, packed);
            Value projected = parts.linear(name + "_o", attended, List.of(weight(layer, "self_attn.o_proj")));
            Operators.NormedSum middle = ops.skipRmsNorm(
                    name + "_mlp_norm",
                    projected,
                    residual,
                    parts.gain(weight(layer, "post_attention_layernorm")),
                    epsilon);
            Value gateUp = parts.linear(
                    name + "_gate_up",
                    middle.normed(),
                    List.of(weight(layer, "mlp.gate_proj"), weight(layer, "mlp.up_proj")));
            List<Value> halves = ops.halves(name + "_halves", gateUp);
            Value inner = ops.multiply(name + "_inner", ops.silu(name + "_silu", halves.get(0)), halves.get(1));
            Value down = parts.linear(name + "_down", inner, List.of(weight(layer, "mlp.down_proj")));
            Operators.NormedSum end = ops.skipRmsNorm(
                    "layer_" + (layer + 1) + "_input_norm",
                    down,
                    middle.sum(),
                    parts.gain(inputNorm(layer + 1)),
                    epsilon);
            normed = end.normed();
            residual = end.sum();
        }
        return normed;
    }

    /** The norm in front of a layer; behind the last layer it is the model's own. */
    private String inputNorm(int layer) {
        return layer == config.layers() ? "model.norm.weight" : weight(layer, "input_layernorm");
    }

    private static String weight(int layer, String part) {
        return "model.layers." + layer + "." + part + ".weight";
    }
}
