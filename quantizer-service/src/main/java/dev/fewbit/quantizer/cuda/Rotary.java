package dev.fewbit.quantizer.cuda;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.RotaryPositions;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.function.IntFunction;

/**
 * The processor's rotary positions in device memory; magnitudes are in them.
 *
 * @param cos {@code [length, half]}
 * @param sin of the same shape
 * @param length of a window
 * @param dim of a head
 */
public record Rotary(DeviceMatrix cos, DeviceMatrix sin, int length, int dim) {

    /** The tables of a decoder for windows of {@code length}, held by {@code arena}. */
    public static Rotary of(DeviceArena arena, ModelConfig config, int length) {
        RotaryPositions positions = new RotaryPositions(config, length);
        int half = positions.cosines(0).length;
        return new Rotary(
                table(arena, length, half, positions::cosines),
                table(arena, length, half, positions::sines),
                length,
                config.headDim());
    }

    /** Half of the dimensions of a head that are turned, from its first on; 0 where positions are learned. */
    public int half() {
        return cos.columns();
    }

    private static DeviceMatrix table(DeviceArena arena, int length, int half, IntFunction<float[]> rows) {
        if (half == 0) {
            return arena.matrix(length, 0);
        }
        try (Arena host = Arena.ofConfined()) {
            Matrix table = Matrix.allocate(host, length, half);
            for (int position = 0; position < length; position++) {
                table.setRow(position, rows.apply(position));
            }
            return arena.device().upload(arena, table);
        }
    }
}
