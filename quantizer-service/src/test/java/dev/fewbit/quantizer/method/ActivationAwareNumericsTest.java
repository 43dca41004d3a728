package dev.fewbit.quantizer.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationAwareNumericsTest {
    static Stream<JsonNode> cases() throws IOException {
        try (InputStream in = ActivationAwareNumericsTest.class.getResourceAsStream("/method/awq.json")) {
            return StreamSupport.stream(new JsonMapper().readTree(in).spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldFindTheFactorsOfTheNumPyReference(JsonNode expected) {
        try (Arena arena = Arena.ofShared()) {
            // Given
            Matrix inputs =
                    matrix(arena, expected, "inputs", expected.path("tokens").asInt(), expected);
            float[] gains = floats(expected, "gains");

            // When
            ActivationScales.Choice choice = ActivationScales.search(
                    parts(arena, expected),
                    hessian(arena, inputs),
                    magnitudes(inputs),
                    wanted -> NormFold.of(gains, wanted).factors());

            // Then
            assertThat(choice.exponent()).isEqualTo(expected.path("exponent").asDouble());
            assertThat(choice.loss())
                    .isCloseTo(expected.path("loss").asDouble(), within(1e-4 * choice.loss()))
                    .isLessThan(expected.path("plainLoss").asDouble());
            assertThat(choice.factors()).isEqualTo(floats(expected, "factors"));
            assertThat(NormFold.of(gains, choice.factors()).gains()).isEqualTo(floats(expected, "foldedGains"));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldGiveTheClippedCodesOfTheNumPyReference(JsonNode expected) {
        try (Arena arena = Arena.ofShared()) {
            // Given
            Matrix inputs =
                    matrix(arena, expected, "inputs", expected.path("tokens").asInt(), expected);
            Matrix hessian = hessian(arena, inputs);
            float[] factors = floats(expected, "factors");
            List<ActivationScales.Part> parts = parts(arena, expected);

            for (int i = 0; i < parts.size(); i++) {
                // When
                BlockCodes codes = new ClippedRounding("w", parts.get(i).grid(), true)
                        .round(new Fold(null, factors).apply(arena, parts.get(i).weight()), hessian, factors);

                // Then
                JsonNode part = expected.path("parts").path(i);
                byte[] wanted = bytes(part, "codes");
                byte[] zeroPoints = bytes(part, "zeroPoints");
                float[] scales = floats(part, "scales");
                for (int row = 0; row < codes.n; row++) {
                    for (int column = 0; column < codes.k; column++) {
                        assertThat(codes.code(row, column))
                                .as("code %d, %d of part %d", row, column, i)
                                .isEqualTo(wanted[row * codes.k + column]);
                    }
                    for (int block = 0; block < codes.blocks; block++) {
                        assertThat(codes.scale(row, block)).isEqualTo(scales[row * codes.blocks + block]);
                        assertThat(codes.zeroPoint(row, block)).isEqualTo(zeroPoints[row * codes.blocks + block]);
                    }
                }
            }
        }
    }

    @Test
    void shouldKeepAGainThatHalfPrecisionCannotSay() {
        // Given: 0; 1e-3 / 1e3, which is subnormal; 100 / 1e-3, which overflows; and one that fits
        float[] gains = {0, 1e-3f, 100, 3};

        // When
        NormFold fold = NormFold.of(gains, new float[] {2, 1e3f, 1e-3f, 4});

        // Then
        assertThat(fold.gains()).containsExactly(0, 1e-3f, 100, 0.75f);
        assertThat(fold.factors()).containsExactly(1, 1, 1, 4);
    }

    private static List<ActivationScales.Part> parts(Arena arena, JsonNode node) {
        int bits = node.path("bits").asInt();
        BlockRange range = node.path("symmetric").asBoolean() ? new SymmetricRange(bits) : new AsymmetricRange(bits);
        BlockGrid grid = new BlockGrid(range, bits, node.path("blockSize").asInt());
        List<ActivationScales.Part> parts = new ArrayList<>();
        for (JsonNode part : node.path("parts")) {
            parts.add(new ActivationScales.Part(
                    "w", matrix(arena, part, "weights", part.path("n").asInt(), node), grid));
        }
        return parts;
    }

    private static Matrix hessian(Arena arena, Matrix inputs) {
        Matrix products = Matrix.allocate(arena, inputs.columns(), inputs.columns());
        Products.addTransposedTimes(inputs, inputs, products);
        return products;
    }

    private static float[] magnitudes(Matrix inputs) {
        double[] sums = new double[inputs.columns()];
        for (int row = 0; row < inputs.rows(); row++) {
            float[] values = inputs.row(row);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += Math.abs(values[i]);
            }
        }
        float[] means = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            means[i] = (float) (sums[i] / inputs.rows());
        }
        return means;
    }

    private static Matrix matrix(Arena arena, JsonNode node, String key, int rows, JsonNode shape) {
        long[] dimensions = {rows, shape.path("k").asInt()};
        return Matrix.of(arena, new Tensor(key, DType.F32, dimensions, MemorySegment.ofArray(bytes(node, key))));
    }

    private static float[] floats(JsonNode node, String key) {
        byte[] bytes = bytes(node, key);
        float[] floats = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    private static byte[] bytes(JsonNode node, String key) {
        return Base64.getDecoder().decode(node.path(key).asText());
    }
}
