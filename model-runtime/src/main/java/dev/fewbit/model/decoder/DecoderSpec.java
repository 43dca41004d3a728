package dev.fewbit.model.decoder;

import java.util.ArrayList;
import java.util.List;

/**
 * A decoder: embedding times multiplier, plus learned positions where it has them; layers; last norm; head.
 *
 * @param architecture as {@code config.json} names it, such as {@code LlamaForCausalLM}
 * @param vocabSize rows of the embedding
 * @param hiddenSize width of the residual stream
 * @param maxPositions longest sequence
 * @param embeddingMultiplier of the embedding's rows; 1 but in Gemma and Granite
 * @param positions rotary or learned
 * @param layers from first to last
 * @param lastNorm in front of the head
 * @param head logits
 */
public record DecoderSpec(
        String architecture,
        int vocabSize,
        int hiddenSize,
        int maxPositions,
        double embeddingMultiplier,
        Positions positions,
        List<LayerSpec> layers,
        NormSpec lastNorm,
        HeadSpec head) {
    public DecoderSpec {
        layers = List.copyOf(layers);
    }

    /** The linears of the layers, in the graph's order: what is quantized. The head of an untied model is none of them. */
    public List<LinearSpec> linears() {
        return layers.stream().flatMap(layer -> layer.linears().stream()).toList();
    }

    /** The embedding {@code [vocabSize, hiddenSize]}, and the head of an untied model. */
    public List<TensorShape> tables() {
        TensorShape embedding = new TensorShape(Architecture.EMBEDDING, List.of(vocabSize, hiddenSize));
        return head.tied()
                ? List.of(embedding)
                : List.of(embedding, new TensorShape(Architecture.HEAD, List.of(vocabSize, hiddenSize)));
    }

    /** What is neither linear nor table: learned positions, norms and biases, in the graph's order. */
    public List<TensorShape> others() {
        List<TensorShape> others = new ArrayList<>();
        if (positions instanceof Positions.Learned(String weight, int count)) {
            others.add(new TensorShape(weight, List.of(count, hiddenSize)));
        }
        for (LayerSpec layer : layers) {
            layer.norms().forEach(norm -> add(others, norm));
            layer.linears().forEach(linear -> linear.bias().ifPresent(bias -> others.add(vector(bias, linear.n()))));
        }
        add(others, lastNorm);
        return others;
    }

    /** Weights of the {@link #linears}. */
    public long linearWeights() {
        return linears().stream().mapToLong(LinearSpec::weights).sum();
    }

    /** Weights of all kinds; a tied head's once. */
    public long parameters() {
        long parameters = linearWeights();
        parameters += tables().stream().mapToLong(TensorShape::elements).sum();
        return parameters + others().stream().mapToLong(TensorShape::elements).sum();
    }

    private static void add(List<TensorShape> others, NormSpec norm) {
        others.add(vector(norm.weight(), norm.width()));
        norm.bias().ifPresent(bias -> others.add(vector(bias, norm.width())));
    }

    private static TensorShape vector(String name, int width) {
        return new TensorShape(name, List.of(width));
    }
}
