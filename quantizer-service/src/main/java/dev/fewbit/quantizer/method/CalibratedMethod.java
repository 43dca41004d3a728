package dev.fewbit.quantizer.method;

import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.forward.LayerNorm;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * A method that needs the inputs of linears: it walks through the decoder layer by layer, each on the outputs of those already
 * quantized, as linears are asked for in the graph's order.
 */
public final class CalibratedMethod implements QuantizationMethod {
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ModelConfig config;
    private final DecoderWalk walk;
    private final Map<String, QuantizedLinear> ready = new HashMap<>();
    private final Map<String, float[]> norms = new HashMap<>();
    private int nextLayer;

    CalibratedMethod(ModelConfig config, DecoderWalk walk) {
        this.config = config;
        this.walk = walk;
    }

    @Override
    public QuantizedLinear apply(Tensor weight) {
        while (!ready.containsKey(weight.name()) && nextLayer < config.layers()) {
            next();
        }
        QuantizedLinear result = ready.remove(weight.name());
        if (result == null) {
            throw new IllegalStateException(weight.name() + " is no decoder linear, or was asked for before");
        }
        return result;
    }

    /** A norm stands in front of its layer's linears, and is known when they are. */
    @Override
    public Tensor tensor(Tensor original) {
        for (int layer = 0; layer < config.layers(); layer++) {
            for (LayerNorm norm : LayerNorm.values()) {
                if (norm.weight(layer).equals(original.name())) {
                    while (nextLayer <= layer) {
                        next();
                    }
                    float[] gains = norms.remove(original.name());
                    return gains == null ? original : halves(original, gains);
                }
            }
        }
        return original;
    }

    private void next() {
        int layer = nextLayer++;
        LayerResult result = walk.next();
        result.linears().forEach((linear, quantized) -> ready.put(linear.weight(layer), quantized));
        result.norms().forEach((norm, gains) -> norms.put(norm.weight(layer), gains));
    }

    private static Tensor halves(Tensor original, float[] gains) {
        MemorySegment data = MemorySegment.ofArray(new byte[gains.length * Short.BYTES]);
        for (int i = 0; i < gains.length; i++) {
            data.set(HALF, (long) i * Short.BYTES, Float.floatToFloat16(gains[i]));
        }
        return new Tensor(original.name(), DType.F16, original.shape(), data);
    }

    @Override
    public void close() {
        walk.close();
    }
}
