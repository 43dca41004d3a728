package dev.fewbit.model.resident;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.architecture.LinearWeight;
import dev.fewbit.model.architecture.WeightSource;
import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.decoder.ConfigValues;
import dev.fewbit.model.decoder.LinearSpec;
import dev.fewbit.model.decoder.Llama;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** Random 4-bit weights of a published model's shape, for measuring speed: the numbers mean nothing, and stay finite. */
final class ShapedWeights implements WeightSource {
    private static final float CODE_DEVIATION = 4.6f;
    private static final int BITS = 4;

    private final ModelConfig config;
    private final int blockSize;
    private final SplittableRandom random = new SplittableRandom(20261125);
    private final Map<String, LinearSpec> linears = new HashMap<>();
    private final Map<String, Long> sizes = new HashMap<>();

    private ShapedWeights(ObjectNode configuration, int blockSize) {
        config = new ModelConfig(new Llama().read(new ConfigValues(configuration)), OptionalInt.of(0), List.of(1));
        this.blockSize = blockSize;
        config.decoder().linears().forEach(linear -> linears.put(linear.weight(), linear));
        config.decoder().others().forEach(other -> sizes.put(other.name(), (long) config.hiddenSize()));
    }

    /** DeepSeek-Coder-1.3B. */
    static ShapedWeights deepSeekCoder(int blockSize) {
        return new ShapedWeights(configuration(32256, 2048, 5504, 24, 16, 16, false), blockSize);
    }

    /** SmolLM2-135M. */
    static ShapedWeights smolLm(int blockSize) {
        return new ShapedWeights(configuration(49152, 576, 1536, 30, 9, 3, true), blockSize);
    }

    private static ObjectNode configuration(
            int vocabulary, int hidden, int inner, int layers, int heads, int kvHeads, boolean tied) {
        return new JsonMapper()
                .createObjectNode()
                .put("vocab_size", vocabulary)
                .put("hidden_size", hidden)
                .put("intermediate_size", inner)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", heads)
                .put("num_key_value_heads", kvHeads)
                .put("rms_norm_eps", 1e-5)
                .put("max_position_embeddings", 4096)
                .put("tie_word_embeddings", tied);
    }

    ModelConfig config() {
        return config;
    }

    @Override
    public LinearWeight linear(String name) {
        LinearSpec linear = linears.get(name);
        int n = name.equals(Architecture.HEAD) ? config.vocabSize() : linear.n();
        int k = name.equals(Architecture.HEAD) ? config.hiddenSize() : linear.k();
        byte[] codes = new byte[Math.multiplyExact(n, Math.ceilDiv(k, blockSize) * blockSize * BITS / Byte.SIZE)];
        random.nextBytes(codes);
        float scale = (float) (1 / Math.sqrt(k) / CODE_DEVIATION);
        return new BlockQuantizedWeight(
                BITS,
                blockSize,
                n,
                k,
                MemorySegment.ofArray(codes),
                MemorySegment.ofArray(halves(n * Math.ceilDiv(k, blockSize), scale, 0)),
                null);
    }

    @Override
    public Tensor tensor(String name) {
        if (name.equals(Architecture.EMBEDDING)) {
            byte[] values = halves(config.vocabSize() * config.hiddenSize(), 0, 1);
            return new Tensor(
                    name,
                    DType.F16,
                    new long[] {config.vocabSize(), config.hiddenSize()},
                    MemorySegment.ofArray(values));
        }
        int size = Math.toIntExact(sizes.get(name));
        return new Tensor(name, DType.F16, new long[] {size}, MemorySegment.ofArray(halves(size, 1, 0)));
    }

    /** Numbers {@code middle} give or take {@code spread}, as fp16. */
    private byte[] halves(int count, float middle, float spread) {
        byte[] bytes = new byte[count * Short.BYTES];
        MemorySegment segment = MemorySegment.ofArray(bytes);
        for (int i = 0; i < count; i++) {
            float value = spread == 0 ? middle : middle + spread * (2 * random.nextInt(1 << 16) / 65536f - 1);
            segment.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, Float.floatToFloat16(value));
        }
        return bytes;
    }
}
