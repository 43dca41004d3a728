package dev.fewbit.model.architecture;

import dev.fewbit.model.decoder.AttentionSpec;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.LinearSpec;
import dev.fewbit.model.decoder.MlpSpec;
import dev.fewbit.model.decoder.NormSpec;
import dev.fewbit.model.onnx.Operators;
import dev.fewbit.model.onnx.Value;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The layers of any decoder as nodes of a graph, from the embedded tokens to the last norm, as its description has them. */
final class DecoderLayers {
    private final DecoderSpec decoder;
    private final DecoderParts parts;
    private final Operators ops;

    DecoderLayers(DecoderSpec decoder, DecoderParts parts) {
        this.decoder = decoder;
        this.parts = parts;
        this.ops = parts.ops();
    }

    /** Adds the layers over the embedded tokens {@code [batch, length, hidden]}, and returns the last norm of the same shape. */
    Value build(Value embedded) throws IOException {
        List<LayerSpec> layers = decoder.layers();
        Value residual = embedded;
        Value normed =
                parts.norm("layer_0_input_norm", residual, layers.getFirst().attentionNorm());
        for (int i = 0; i < layers.size(); i++) {
            String name = "layer_" + i;
            LayerSpec layer = layers.get(i);
            Value attended = branch(
                    name + "_attention_output",
                    attention(i, normed, layer.attention()),
                    layer.attentionOutputNorm(),
                    layer.residualMultiplier());
            Operators.NormedSum middle = parts.skipNorm(name + "_mlp_norm", attended, residual, layer.mlpNorm());
            Value inner = branch(
                    name + "_mlp_output",
                    mlp(name, middle.normed(), layer.mlp()),
                    layer.mlpOutputNorm(),
                    layer.residualMultiplier());
            NormSpec next = i + 1 < layers.size() ? layers.get(i + 1).attentionNorm() : decoder.lastNorm();
            Operators.NormedSum end = parts.skipNorm("layer_" + (i + 1) + "_input_norm", inner, middle.sum(), next);
            normed = end.normed();
            residual = end.sum();
        }
        return normed;
    }

    /** What is added to the residual stream. */
    private Value branch(String name, Value output, Optional<NormSpec> norm, double multiplier) throws IOException {
        Value normed = norm.isPresent() ? parts.norm(name + "_norm", output, norm.get()) : output;
        return parts.scaled(name + "_scaled", normed, multiplier);
    }

    private Value attention(int layer, Value normed, AttentionSpec attention) throws IOException {
        String name = "layer_" + layer;
        Value packed = parts.linear(name + "_qkv", normed, attention.inputs());
        if (attention.queryNorm().isPresent()) {
            packed = normedHeads(name, packed, attention);
        }
        Value attended = parts.attention(layer, packed, attention);
        return parts.linear(name + "_o", attended, List.of(attention.output()));
    }

    /** Each head's queries and keys normed. No CPU kernel of attention does it. */
    private Value normedHeads(String name, Value packed, AttentionSpec attention) throws IOException {
        int queries = attention.query().n();
        int keys = attention.key().n();
        List<Value> split = ops.split(
                name + "_heads", packed, queries, keys, attention.value().n());
        Value query = parts.headNorm(
                name + "_q_norm", split.get(0), attention.queryNorm().orElseThrow(), queries);
        Value key = parts.headNorm(
                name + "_k_norm", split.get(1), attention.keyNorm().orElseThrow(), keys);
        return ops.concatLast(name + "_qkv_normed", List.of(query, key, split.get(2)));
    }

    private Value mlp(String name, Value normed, MlpSpec mlp) throws IOException {
        Value inner;
        if (mlp.gate().isPresent()) {
            Value gateUp = parts.linear(name + "_gate_up", normed, mlp.inputs());
            List<Value> halves = ops.halves(name + "_halves", gateUp);
            Value active = parts.activation(name, halves.get(0), mlp.activation());
            inner = ops.multiply(name + "_inner", active, halves.get(1));
        } else {
            Value up = parts.linear(name + "_up", normed, List.of(mlp.up()));
            inner = parts.activation(name, up, mlp.activation());
        }
        return parts.linear(name + "_down", inner, List.<LinearSpec>of(mlp.down()));
    }
}
