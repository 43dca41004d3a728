package dev.fewbit.quantizer.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.streams.CalibrationStreams;
import dev.fewbit.quantizer.streams.HostEngine;
import dev.fewbit.quantizer.streams.InputSums;
import dev.fewbit.quantizer.streams.LayerInputs;
import dev.fewbit.quantizer.streams.SumsWanted;
import dev.fewbit.quantizer.streams.WindowEmbedding;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * The reference model's first two layers, host and device side by side. What goes through several layers of fp32 products differs by more
 * roundings than one product does; differences of streams cancel most of their digits.
 */
class CudaStreamsIT {
    private static final int WINDOWS = 5;
    private static final int LENGTH = 600;
    private static final double TOLERANCE = 1e-5;
    /** The streams differ by about 1 part in 10, so a difference has 10 times the error. */
    private static final double TOLERANCE_OF_DIFFERENCES = 2e-4;

    private static final Path REFERENCE = Path.of(System.getProperty("fewbit.root"), "reference-model/checkpoint");

    @Test
    void shouldSumAndAdvanceAsTheProcessorDoes() throws IOException {
        Gpu.open().close();
        try (Checkpoint checkpoint = Checkpoint.open(REFERENCE);
                Arena arena = Arena.ofShared()) {
            // Given
            int[][] ids = ids(checkpoint.config().vocabSize());
            WindowEmbedding embedding = (window, x) -> DecoderForward.embed(checkpoint, ids[window], x);
            try (CalibrationStreams host =
                            new HostEngine().open(checkpoint.config(), WINDOWS, LENGTH, embedding, embedding);
                    CalibrationStreams cuda =
                            new CudaEngine().open(checkpoint.config(), WINDOWS, LENGTH, embedding, embedding)) {
                for (int layer = 0; layer < 2; layer++) {
                    LayerWeights full = LayerWeights.of(arena, checkpoint, layer);
                    host.layer(full, full.fork());
                    cuda.layer(full, full.fork());
                    for (LayerInputs inputs : LayerInputs.values()) {
                        // When
                        SumsWanted wanted = new SumsWanted(true, true, layer == 0 ? null : tokenWeights());
                        assertAlike(cuda.sums(arena, inputs, wanted), host.sums(arena, inputs, wanted), layer > 0);
                        for (LayerLinear linear : inputs.linears()) {
                            Matrix rounded = rounded(arena, full.linear(linear));
                            host.replace(linear, rounded);
                            cuda.replace(linear, rounded);
                        }
                        host.advance(inputs);
                        cuda.advance(inputs);
                    }
                }
                // Then
                assertStreams(cuda, host, checkpoint.config().hiddenSize());
                assertThat(cuda.bytes()).isEqualTo(host.bytes());
            }
        }
    }

    @Test
    void shouldGiveTheSameBytesWhenStreamsAreOnTheHost() {
        try (CudaDevice device = Gpu.open();
                Arena arena = Arena.ofShared()) {
            // Given
            StreamRows resident = new StreamRows(device, 64, 256, true);
            StreamRows onHost = new StreamRows(device, 64, 256, false);
            Matrix values = new Matrices(arena, 3).gaussian(64, 256);
            resident.set(0, values);
            onHost.set(0, values);

            // When
            for (StreamRows stream : List.of(resident, onHost)) {
                try (DeviceArena scratch = device.newArena()) {
                    DeviceMatrix rows = stream.take(scratch, 10, 20);
                    new DecoderKernels(device).add(rows, rows, 1);
                    stream.give(rows, 10);
                }
            }

            // Then
            assertThat(resident.save().mismatch(onHost.save())).isEqualTo(-1);
            assertThat(new Matrix(onHost.save(), 64, 256).get(29, 255)).isEqualTo(2 * values.get(29, 255));
            resident.close();
            onHost.close();
        }
    }

    private static void assertAlike(InputSums cuda, InputSums host, boolean apart) {
        assertThat(Matrices.distance(cuda.products(), host.products())).isLessThan(TOLERANCE);
        for (int i = 0; i < host.magnitudes().length; i++) {
            assertThat(cuda.magnitudes()[i])
                    .isCloseTo(host.magnitudes()[i], Offset.offset((float) TOLERANCE * (1 + host.magnitudes()[i])));
        }
        if (apart) {
            assertThat(Matrices.distance(cuda.deviation(), host.deviation())).isLessThan(TOLERANCE_OF_DIFFERENCES);
            if (host.residual() != null) {
                assertThat(Matrices.distance(cuda.residual(), host.residual())).isLessThan(TOLERANCE_OF_DIFFERENCES);
            } else {
                assertThat(cuda.residual()).isNull();
            }
        }
    }

    private static void assertStreams(CalibrationStreams cuda, CalibrationStreams host, int hidden) {
        for (int i = 0; i < 2; i++) {
            MemorySegment found = cuda.save().get(i);
            MemorySegment expected = host.save().get(i);
            assertThat(Matrices.distance(
                            new Matrix(found, WINDOWS * LENGTH, hidden),
                            new Matrix(expected, WINDOWS * LENGTH, hidden)))
                    .isLessThan(TOLERANCE);
        }
    }

    /** To multiples of 1/32: what goes through it differs from the original by about a tenth. */
    private static Matrix rounded(Arena arena, Matrix weight) {
        Matrix rounded = weight.copy(arena);
        for (int row = 0; row < weight.rows(); row++) {
            float[] values = weight.row(row);
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.round(values[i] * 32) / 32f;
            }
            rounded.setRow(row, values);
        }
        return rounded;
    }

    private static float[] tokenWeights() {
        SplittableRandom random = new SplittableRandom(2);
        float[] weights = new float[WINDOWS * LENGTH];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 0.5f + random.nextFloat();
        }
        return weights;
    }

    private static int[][] ids(int vocabulary) {
        SplittableRandom random = new SplittableRandom(1);
        int[][] ids = new int[WINDOWS][LENGTH];
        for (int[] window : ids) {
            for (int i = 0; i < LENGTH; i++) {
                window[i] = random.nextInt(vocabulary);
            }
        }
        return ids;
    }
}
