package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.forward.DecoderForward;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An artifact's files in ONNX Runtime, with nothing of ours between. */
class PlainOnnxRuntimeIT {
    private static final int HEAD_DIM = 16;
    private static final long[] PROMPT = {0, 5, 9, 3};

    @TempDir
    private Path directory;

    private Path checkpoint;

    @BeforeEach
    void write() throws IOException {
        checkpoint = new TinyCheckpoint("BF16").write(directory.resolve("checkpoint"));
    }

    @ParameterizedTest
    @CsvSource({"8, 0.02", "4, 0.15", "2, 0.7"})
    void shouldRunAndComeNearTheBaselineByItsWidth(int bits, double relativeDistance) throws OrtException {
        // Given
        float[] baseline = logits(quantize("16", Recipe.baseline()));

        // When
        float[] quantized = logits(quantize("q", Recipe.roundToNearest(bits)));

        // Then
        double distance = norm(IntStream.range(0, baseline.length)
                .mapToDouble(i -> quantized[i] - baseline[i])
                .toArray());
        double size = norm(IntStream.range(0, baseline.length)
                .mapToDouble(i -> baseline[i])
                .toArray());
        assertThat(distance / size).isGreaterThan(0).isCloseTo(0, within(relativeDistance));
    }

    @Test
    void shouldBeRefusedWhenCodesHave3BitsForWhichThereIsNoKernel() throws OrtException {
        Path artifact = quantize("q", Recipe.roundToNearest(3));

        assertThatThrownBy(() -> logits(artifact))
                .isInstanceOf(OrtException.class)
                .hasMessageContaining("Only 2b, 4b and 8b quantization is supported");
    }

    @Test
    void shouldAgreeWithOurOwnForwardPass() throws OrtException {
        // Given
        float[] expected = logits(quantize("16", Recipe.baseline()));

        try (Arena arena = Arena.ofConfined();
                Checkpoint opened = Checkpoint.open(checkpoint)) {
            // When
            int[] ids = LongStream.of(PROMPT).mapToInt(Math::toIntExact).toArray();
            float[] found = new DecoderForward(arena, opened, ids.length)
                    .logits(arena, ids)
                    .row(ids.length - 1);

            // Then
            assertThat(norm(IntStream.range(0, expected.length)
                            .mapToDouble(i -> expected[i])
                            .toArray()))
                    .isGreaterThan(0.05);
            assertThat(found).containsExactly(expected, within(1e-6f));
        }
    }

    private Path quantize(String name, Recipe recipe) {
        Path out = directory.resolve(name);
        new LocalQuantization().quantize(checkpoint, recipe, out);
        return out;
    }

    private static float[] logits(Path artifact) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        int length = PROMPT.length;
        try (OrtSession session =
                environment.createSession(artifact.resolve("model.onnx").toString())) {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            inputs.put(
                    "input_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(PROMPT), new long[] {1, length}));
            inputs.put(
                    "last_positions",
                    OnnxTensor.createTensor(environment, IntBuffer.wrap(new int[] {length - 1}), new long[] {1}));
            inputs.put(
                    "total_length",
                    OnnxTensor.createTensor(environment, IntBuffer.wrap(new int[] {length}), new long[] {1}));
            inputs.put(
                    "logit_rows",
                    OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[] {length - 1}), new long[] {1}));
            for (int layer = 0; layer < TinyCheckpoint.LAYERS; layer++) {
                for (String part : new String[] {"key", "value"}) {
                    inputs.put(
                            "past." + layer + "." + part,
                            OnnxTensor.createTensor(environment, FloatBuffer.allocate(length * HEAD_DIM), new long[] {
                                1, 1, length, HEAD_DIM
                            }));
                }
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return ((float[][]) result.get("logits").orElseThrow().getValue())[0];
            } finally {
                inputs.values().forEach(OnnxTensor::close);
            }
        }
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
