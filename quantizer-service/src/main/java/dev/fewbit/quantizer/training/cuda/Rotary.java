package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.forward.RotaryPositions;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;

/**
 * The processor's rotary positions in device memory.
 *
 * @param cos {@code [length, dim / 2]}
 * @param sin of the same shape
 * @param length of a window
 * @param dim of a head
 */
record Rotary(DeviceMatrix cos, DeviceMatrix sin, int length, int dim) {

    static Rotary of(DeviceArena arena, ModelConfig config, int length) {
        RotaryPositions positions = new RotaryPositions(config, length);
        int half = config.headDim() / 2;
        return new Rotary(
                table(arena, length, half, positions::cosines),
                table(arena, length, half, positions::sines),
                length,
                config.headDim());
    }

    private interface Rows {
        float[] at(int position);
    }

    private static DeviceMatrix table(DeviceArena arena, int length, int half, Rows rows) {
        try (Arena host = Arena.ofConfined()) {
            Matrix table = Matrix.allocate(host, length, half);
            for (int position = 0; position < length; position++) {
                table.setRow(position, rows.at(position));
            }
            return arena.device().upload(arena, table);
        }
    }
}
