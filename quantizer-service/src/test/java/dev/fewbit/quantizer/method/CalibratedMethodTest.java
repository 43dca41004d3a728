package dev.fewbit.quantizer.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.streams.HostEngine;
import dev.fewbit.quantizer.training.TrainingEngine;
import dev.fewbit.quantizer.work.WorkDirectory;
import dev.fewbit.quantizer.work.WorkObserver;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever finds some layers finished goes on behind them, whether the streams were kept or have to be computed again. */
class CalibratedMethodTest {
    private static final int LAYERS = 5;
    private static final long KEEP_ALL = Long.MAX_VALUE;
    private static final long KEEP_NONE = 0;

    @TempDir
    private Path directory;

    private Checkpoint checkpoint;
    private TokenWindows windows;

    @BeforeEach
    void open() throws IOException {
        checkpoint = Checkpoint.open(new TinyCheckpoint("BF16", LAYERS).write(directory.resolve("checkpoint")));
        SplittableRandom random = new SplittableRandom(11);
        windows = new TokenWindows(IntStream.range(0, 6)
                .mapToObj(i -> random.ints(16, 3, TinyCheckpoint.VOCABULARY).toArray())
                .toArray(int[][]::new));
    }

    static Stream<Arguments> boundaries() {
        return IntStream.range(1, LAYERS)
                .boxed()
                .flatMap(finished -> Stream.of(
                        Arguments.of(finished, Method.GPTQ, KEEP_ALL),
                        Arguments.of(finished, Method.GPTQ, KEEP_NONE),
                        Arguments.of(finished, Method.GPTQ_PLUS, KEEP_ALL),
                        Arguments.of(finished, Method.GPTQ_PLUS, KEEP_NONE),
                        Arguments.of(finished, Method.AWQ, KEEP_NONE)));
    }

    @ParameterizedTest(name = "{1} behind layer {0}, keeping streams of {2} bytes")
    @MethodSource("boundaries")
    void shouldGiveTheSameCodesWhenItGoesOnBehindALayer(int finished, Method method, long mostKept) throws IOException {
        // Given
        List<byte[]> undisturbed = quantize("undisturbed", method, KEEP_ALL, LAYERS);
        List<byte[]> before = quantize("stopped", method, mostKept, finished);
        assertThat(before).hasSize(finished * LayerLinear.values().length);

        // When
        List<byte[]> all = quantize("stopped", method, mostKept, LAYERS);

        // Then
        assertThat(all).containsExactlyElementsOf(undisturbed);
    }

    @Test
    void shouldWriteNoStreamsWhenTheyAreLargerThanWhatIsKept() throws IOException {
        // When
        quantize("kept", Method.GPTQ, KEEP_ALL, 2);
        quantize("none", Method.GPTQ, KEEP_NONE, 2);

        // Then: 6 windows of 16 tokens, hidden size 48, fp32
        assertThat(streams("kept")).isEqualTo(6L * 16 * TinyCheckpoint.HIDDEN * Float.BYTES);
        assertThat(streams("none")).isZero();
    }

    private long streams(String work) throws IOException {
        try (WorkDirectory directory = work(work);
                Arena arena = Arena.ofConfined()) {
            return directory.read(arena, "streams").orElseThrow().byteSize();
        }
    }

    /** Codes, scales and zero points of the first {@code layers} layers. */
    private List<byte[]> quantize(String name, Method method, long mostKept, int layers) throws IOException {
        Recipe recipe = new Recipe(method, 3, 32, false, new CalibrationSpec("random", null, 6, 16, 0L), null);
        List<byte[]> found = new ArrayList<>();
        try (WorkDirectory work = work(name)) {
            DecoderWalk walk = method == Method.AWQ
                    ? new ActivationAwareWalk(checkpoint, windows, recipe, new HostEngine(), WorkObserver.NONE)
                    : new LayerWalk(
                            checkpoint,
                            windows,
                            new CalibratedRounding(recipe),
                            new HostEngine(),
                            TrainingEngine.HOST,
                            work,
                            WorkObserver.NONE);
            try (CalibratedMethod calibrated = new CalibratedMethod(checkpoint.config(), walk, work, mostKept)) {
                for (int layer = 0; layer < layers; layer++) {
                    for (LayerLinear linear : LayerLinear.values()) {
                        found.add(bytes(calibrated.apply(checkpoint.tensor(linear.weight(layer)))));
                    }
                }
            }
        }
        return found;
    }

    private WorkDirectory work(String name) throws IOException {
        return WorkDirectory.open(directory.resolve(name), "key", WorkObserver.NONE)
                .orElseThrow();
    }

    private static byte[] bytes(QuantizedLinear linear) {
        BlockQuantizedWeight weight = (BlockQuantizedWeight) linear.weight();
        byte[] codes = weight.codes().toArray(ValueLayout.JAVA_BYTE);
        byte[] scales = weight.scales().toArray(ValueLayout.JAVA_BYTE);
        byte[] points = weight.zeroPoints().toArray(ValueLayout.JAVA_BYTE);
        byte[] all = new byte[codes.length + scales.length + points.length];
        System.arraycopy(codes, 0, all, 0, codes.length);
        System.arraycopy(scales, 0, all, codes.length, scales.length);
        System.arraycopy(points, 0, all, codes.length + scales.length, points.length);
        return all;
    }
}
