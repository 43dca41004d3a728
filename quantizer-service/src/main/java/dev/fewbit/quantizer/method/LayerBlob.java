package dev.fewbit.quantizer.method;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A finished layer as bytes. For each linear, in order: bits, block size, n, k, whether it has zero points (int32 each), its error (float64),
 * codes, scales, zero points; 0 bits and nothing behind the fields where the layer has none of the kind. Then for each norm the number of its gains (int32; 0: as it was) and the gains (float32). Little-endian. The
 * bytes are for the process that goes on with the work, and their digest is checked before they are read.
 */
final class LayerBlob {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int FIELDS = 5;

    private LayerBlob() {}

    static List<MemorySegment> write(LayerResult result) {
        List<MemorySegment> parts = new ArrayList<>();
        for (LayerLinear linear : LayerLinear.values()) {
            QuantizedLinear quantized = result.linears().get(linear);
            if (quantized == null) {
                parts.add(ints(new int[FIELDS]));
                continue;
            }
            BlockQuantizedWeight weight = (BlockQuantizedWeight) quantized.weight();
            parts.add(ints(
                    weight.bits(), weight.blockSize(), weight.n(), weight.k(), weight.zeroPoints() == null ? 0 : 1));
            MemorySegment error = MemorySegment.ofArray(new byte[Double.BYTES]);
            error.set(DOUBLE, 0, quantized.relativeError());
            parts.add(error);
            parts.add(weight.codes());
            parts.add(weight.scales());
            if (weight.zeroPoints() != null) {
                parts.add(weight.zeroPoints());
            }
        }
        for (LayerNorm norm : LayerNorm.values()) {
            float[] gains = result.norms().getOrDefault(norm, new float[0]);
            parts.add(ints(gains.length));
            MemorySegment values = MemorySegment.ofArray(new byte[gains.length * Float.BYTES]);
            for (int i = 0; i < gains.length; i++) {
                values.set(FLOAT, (long) i * Float.BYTES, gains[i]);
            }
            parts.add(values);
        }
        return parts;
    }

    /** The layer; nothing of it refers to {@code blob}. */
    static LayerResult read(MemorySegment blob) {
        Reader reader = new Reader(blob);
        Map<LayerLinear, QuantizedLinear> linears = new EnumMap<>(LayerLinear.class);
        for (LayerLinear linear : LayerLinear.values()) {
            int[] fields = new int[FIELDS];
            for (int i = 0; i < FIELDS; i++) {
                fields[i] = reader.number();
            }
            if (fields[0] == 0) {
                continue;
            }
            double error = reader.take(Double.BYTES).get(DOUBLE, 0);
            int bits = fields[0];
            int blockSize = fields[1];
            int n = fields[2];
            int k = fields[3];
            long blocks = (k + blockSize - 1) / blockSize;
            MemorySegment codes = reader.take(n * blocks * (blockSize * bits / Byte.SIZE));
            MemorySegment scales = reader.take(n * blocks * Short.BYTES);
            MemorySegment points =
                    fields[4] == 0 ? null : reader.take(n * ((blocks * bits + Byte.SIZE - 1) / Byte.SIZE));
            linears.put(
                    linear,
                    new QuantizedLinear(new BlockQuantizedWeight(bits, blockSize, n, k, codes, scales, points), error));
        }
        Map<LayerNorm, float[]> norms = new EnumMap<>(LayerNorm.class);
        for (LayerNorm norm : LayerNorm.values()) {
            float[] gains = new float[reader.number()];
            for (int i = 0; i < gains.length; i++) {
                gains[i] = reader.take(Float.BYTES).get(FLOAT, 0);
            }
            if (gains.length > 0) {
                norms.put(norm, gains);
            }
        }
        return new LayerResult(linears, norms);
    }

    private static MemorySegment ints(int... values) {
        MemorySegment segment = MemorySegment.ofArray(new byte[values.length * Integer.BYTES]);
        for (int i = 0; i < values.length; i++) {
            segment.set(INT, (long) i * Integer.BYTES, values[i]);
        }
        return segment;
    }

    private static final class Reader {
        private final MemorySegment blob;
        private long at;

        Reader(MemorySegment blob) {
            this.blob = blob;
        }

        int number() {
            return take(Integer.BYTES).get(INT, 0);
        }

        /** A copy of the next bytes. */
        MemorySegment take(long bytes) {
            byte[] copy = blob.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
            at += bytes;
            return MemorySegment.ofArray(copy);
        }
    }
}
