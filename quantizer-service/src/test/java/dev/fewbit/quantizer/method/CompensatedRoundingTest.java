package dev.fewbit.quantizer.method;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.StepsSpec;
import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.matrix.Factorizer;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.streams.InputSums;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CompensatedRoundingTest {
    static Stream<JsonNode> cases() throws IOException {
        try (InputStream in = CompensatedRoundingTest.class.getResourceAsStream("/method/gptq.json")) {
            return StreamSupport.stream(new JsonMapper().readTree(in).spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldGiveTheCodesOfTheNumPyReference(JsonNode expected) {
        try (Arena arena = Arena.ofShared()) {
            // Given
            Matrix weight =
                    matrix(arena, expected, "weights", expected.path("n").asInt());
            BlockCodes codes = codes(expected);
            ColumnOrder stored = ColumnOrder.stored(codes.k);

            // When
            new CompensatedRounding("w", BlockRange.of(recipe(expected, Method.GPTQ, null)), null, null, 128)
                    .round(weight, inputs(arena, expected).inverseUpper(arena, stored), stored, codes);

            // Then
            byte[] wanted = bytes(expected, "codes");
            byte[] zeroPoints = bytes(expected, "zeroPoints");
            ByteBuffer scales = ByteBuffer.wrap(bytes(expected, "scales")).order(ByteOrder.LITTLE_ENDIAN);
            for (int row = 0; row < codes.n; row++) {
                for (int column = 0; column < codes.k; column++) {
                    assertThat(codes.code(row, column))
                            .as("code %d, %d", row, column)
                            .isEqualTo(wanted[row * codes.k + column]);
                }
                for (int block = 0; block < codes.blocks; block++) {
                    assertThat(codes.scale(row, block)).isEqualTo(scales.getFloat());
                    assertThat(codes.zeroPoint(row, block)).isEqualTo(zeroPoints[row * codes.blocks + block]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldLoseLessOnTheInputsWithEachStepOfThePlusMethod(JsonNode node) {
        try (Arena arena = Arena.ofShared()) {
            // Given
            Matrix weight = matrix(arena, node, "weights", node.path("n").asInt());
            LinearInputs inputs = inputs(arena, node);

            // When
            double plain = loss(arena, node, weight, inputs, StepsSpec.none());
            double fitted =
                    loss(arena, node, weight, inputs, new StepsSpec(false, false, false, false, 0, true, false));
            double descended =
                    loss(arena, node, weight, inputs, new StepsSpec(false, false, false, false, 2, false, false));
            double all = loss(arena, node, weight, inputs, new StepsSpec(true, false, false, false, 2, true, false));

            // Then
            assertThat(fitted).isLessThan(plain);
            assertThat(descended).isLessThan(plain);
            assertThat(all).isLessThan(plain);
        }
    }

    /** The sum over rows of {@code (w - w') H (w - w')'}. */
    private static double loss(Arena arena, JsonNode node, Matrix weight, LinearInputs inputs, StepsSpec steps) {
        Matrix restored = new CalibratedRounding(recipe(node, Method.GPTQ_PLUS, steps))
                .round(arena, "w", weight, inputs, null, Optional.empty())
                .restored();
        double loss = 0;
        for (int row = 0; row < weight.rows(); row++) {
            float[] w = weight.row(row);
            float[] r = restored.row(row);
            for (int i = 0; i < w.length; i++) {
                for (int j = 0; j < w.length; j++) {
                    loss += (double) (w[i] - r[i]) * inputs.hessian().get(i, j) * (w[j] - r[j]);
                }
            }
        }
        return loss;
    }

    private static Recipe recipe(JsonNode node, Method method, StepsSpec steps) {
        return new Recipe(
                method,
                node.path("bits").asInt(),
                node.path("blockSize").asInt(),
                node.path("symmetric").asBoolean(),
                null,
                steps);
    }

    private static BlockCodes codes(JsonNode node) {
        return new BlockCodes(
                node.path("n").asInt(),
                node.path("k").asInt(),
                node.path("bits").asInt(),
                node.path("blockSize").asInt());
    }

    private static LinearInputs inputs(Arena arena, JsonNode node) {
        Matrix inputs = matrix(arena, node, "inputs", node.path("tokens").asInt());
        Matrix products = Matrix.allocate(arena, inputs.columns(), inputs.columns());
        Products.addTransposedTimes(inputs, inputs, products);
        return LinearInputs.of(
                arena, "w", new InputSums(products, null, null, null), Factorizer.onHost(), 0.05, note -> {});
    }

    private static Matrix matrix(Arena arena, JsonNode node, String key, int rows) {
        long[] shape = {rows, node.path("k").asInt()};
        return Matrix.of(arena, new Tensor(key, DType.F32, shape, MemorySegment.ofArray(bytes(node, key))));
    }

    private static byte[] bytes(JsonNode node, String key) {
        return Base64.getDecoder().decode(node.path(key).asText());
    }
}
