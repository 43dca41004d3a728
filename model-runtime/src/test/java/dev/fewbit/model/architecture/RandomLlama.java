package dev.fewbit.model.architecture;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.decoder.ConfigValues;
import dev.fewbit.model.decoder.LinearSpec;
import dev.fewbit.model.decoder.Llama;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/** A tiny Llama with random fp32 weights, the same at every run. Its MLP's width is no multiple of a block. */
public final class RandomLlama implements WeightSource {
    private static final long SEED = 20261125;

    private final ModelConfig config;
    private final Map<String, Tensor> tensors = new HashMap<>();

    public RandomLlama(boolean tied) {
        config =
                new ModelConfig(new Llama().read(new ConfigValues(configuration(tied))), OptionalInt.of(0), List.of(1));
        Random random = new Random(SEED);
        for (LinearSpec linear : config.decoder().linears()) {
            add(linear.weight(), random, 0.15, linear.n(), linear.k());
        }
        add(Architecture.HEAD, random, 0.15, config.vocabSize(), config.hiddenSize());
        add(Architecture.EMBEDDING, random, 1, config.vocabSize(), config.hiddenSize());
        config.decoder().others().forEach(norm -> add(norm.name(), random, 1, config.hiddenSize()));
    }

    private static ObjectNode configuration(boolean tied) {
        return new JsonMapper()
                .createObjectNode()
                .put("vocab_size", 200)
                .put("hidden_size", 64)
                .put("intermediate_size", 160)
                .put("num_hidden_layers", 2)
                .put("num_attention_heads", 4)
                .put("num_key_value_heads", 2)
                .put("rms_norm_eps", 1e-5)
                .put("max_position_embeddings", 128)
                .put("tie_word_embeddings", tied);
    }

    private void add(String name, Random random, double deviation, long... shape) {
        int n = 1;
        for (long size : shape) {
            n *= (int) size;
        }
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        tensors.put(name, tensor(name, values, shape));
    }

    /** A tensor over floats. */
    public static Tensor tensor(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new Tensor(name, DType.F32, shape, MemorySegment.ofArray(bytes.array()));
    }

    public ModelConfig config() {
        return config;
    }

    /** Replaces a tensor's values. */
    public void set(String name, float[] values) {
        tensors.put(name, tensor(name, values, tensors.get(name).shape()));
    }

    @Override
    public LinearWeight linear(String name) {
        return new DenseWeight(tensors.get(name));
    }

    @Override
    public Tensor tensor(String name) {
        return tensors.get(name);
    }
}
