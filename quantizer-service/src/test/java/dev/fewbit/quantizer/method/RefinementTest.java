package dev.fewbit.quantizer.method;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.matrix.Factorization;
import dev.fewbit.quantizer.matrix.Matrix;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RefinementTest {
    static Stream<JsonNode> cases() throws IOException {
        try (InputStream in = RefinementTest.class.getResourceAsStream("/method/refinement.json")) {
            return StreamSupport.stream(new JsonMapper().readTree(in).spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldGiveTheCodesAndScalesOfTheNumPyReferenceAlongBothSides(JsonNode expected) {
        try (Arena arena = Arena.ofShared()) {
            // Given
            int n = expected.path("n").asInt();
            int k = expected.path("k").asInt();
            int bits = expected.path("bits").asInt();
            Matrix weight = matrix(arena, expected, "weights", n, k);
            Matrix hessian = matrix(arena, expected, "hessian", k, k);
            OutputMetric metric = OutputMetric.of(arena, matrix(arena, expected, "metric", n, n))
                    .orElseThrow();
            Matrix upper = Factorization.of(arena, hessian, 0)
                    .flatMap(Factorization::inverseUpper)
                    .orElseThrow();
            BlockCodes codes =
                    new BlockCodes(n, k, bits, expected.path("blockSize").asInt());

            // When
            new CompensatedRounding("w", new AsymmetricRange(bits), null, metric, 128)
                    .round(weight, upper, ColumnOrder.stored(k), codes);

            // Then
            assertThat(codes(codes)).containsExactly(bytes(expected, "codes"));

            // When
            new Refinement(weight, hessian, metric).sweep(codes, true, 2);

            // Then
            assertThat(codes(codes)).containsExactly(bytes(expected, "refinedCodes"));
            ByteBuffer scales =
                    ByteBuffer.wrap(bytes(expected, "refinedScales")).order(ByteOrder.LITTLE_ENDIAN);
            for (int row = 0; row < n; row++) {
                for (int block = 0; block < codes.blocks; block++) {
                    assertThat(codes.scale(row, block))
                            .as("scale %d, %d", row, block)
                            .isEqualTo(scales.getFloat());
                }
            }
        }
    }

    @Test
    void shouldHaveNoMetricWhenNoGradientReachesTheOutputs() {
        try (Arena arena = Arena.ofShared()) {
            assertThat(OutputMetric.of(arena, Matrix.allocate(arena, 3, 3))).isEmpty();
        }
    }

    @Test
    void shouldOrderWholeBlocksAndTheirColumnsByTheDiagonal() {
        try (Arena arena = Arena.ofShared()) {
            // Given
            float[] diagonal = {1, 2, 3, 9, 8, 1, 7};
            Matrix hessian = Matrix.allocate(arena, 7, 7);
            for (int i = 0; i < diagonal.length; i++) {
                hessian.set(i, i, diagonal[i]);
            }

            // When
            ColumnOrder order = ColumnOrder.largestFirst(hessian, 3);

            // Then: the blocks' means are 2, 6 and 7, the last one short
            assertThat(order.columns()).containsExactly(6, 3, 4, 5, 2, 1, 0);
            assertThat(order.isStored()).isFalse();
            assertThat(ColumnOrder.stored(7).isStored()).isTrue();
        }
    }

    private static byte[] codes(BlockCodes codes) {
        byte[] values = new byte[codes.n * codes.k];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) codes.code(i / codes.k, i % codes.k);
        }
        return values;
    }

    private static Matrix matrix(Arena arena, JsonNode node, String key, int rows, int columns) {
        long[] shape = {rows, columns};
        return Matrix.of(arena, new Tensor(key, DType.F32, shape, MemorySegment.ofArray(bytes(node, key))));
    }

    private static byte[] bytes(JsonNode node, String key) {
        return Base64.getDecoder().decode(node.path(key).asText());
    }
}
