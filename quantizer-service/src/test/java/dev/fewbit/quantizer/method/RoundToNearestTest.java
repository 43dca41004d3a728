package dev.fewbit.quantizer.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.recipe.Clipping;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.WidthOverride;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.packing.CodePacking;
import dev.fewbit.quantizer.QuantizationException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RoundToNearestTest {
    static Stream<Arguments> cases() throws IOException {
        return Stream.concat(cases("rtn", Clipping.MIN_MAX), cases("rtn-mse", Clipping.MSE));
    }

    private static Stream<Arguments> cases(String name, Clipping clipping) throws IOException {
        try (InputStream in = RoundToNearestTest.class.getResourceAsStream("/method/" + name + ".json")) {
            return StreamSupport.stream(new JsonMapper().readTree(in).spliterator(), false)
                    .map(expected -> Arguments.of(expected, clipping));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldGiveTheBytesOfTheNumPyReference(JsonNode expected, Clipping clipping) {
        // Given
        Tensor weight = new Tensor(
                "w",
                DType.F32,
                new long[] {expected.path("n").asInt(), expected.path("k").asInt()},
                MemorySegment.ofArray(bytes(expected, "weights")));

        // When
        QuantizedLinear linear = method(expected, clipping).apply(weight);

        // Then
        BlockQuantizedWeight quantized = (BlockQuantizedWeight) linear.weight();
        assertThat(quantized.codes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(expected, "codes"));
        assertThat(quantized.scales().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(expected, "scales"));
        if (expected.path("zeroPoints").isNull()) {
            assertThat(quantized.zeroPoints()).isNull();
        } else {
            assertThat(quantized.zeroPoints().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(expected, "zeroPoints"));
        }
        assertThat(linear.relativeError())
                .isCloseTo(expected.path("relativeError").asDouble(), within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        "8, 32, false, 0.05", "4, 64, false, 0.05", "3, 64, false, 0.05", "2, 128, false, 0.05",
        "8, 32, true, 0.05", "4, 64, true, 0.05", "3, 64, true, 0.05", "2, 128, true, 0.05",
        // Steps in fp16's subnormal range, where its own rounding is coarse, and near its largest value
        "8, 32, false, 1e-5", "2, 64, true, 1e-6", "8, 64, false, 1e6", "2, 32, false, 3e4"
    })
    void shouldStayWithinHalfAStepOfEveryWeight(int bits, int blockSize, boolean symmetric, float spread) {
        // Given: odd shape, short last block, a row that is shifted to one side
        int n = 7;
        int k = 217;
        float[] w = new float[n * k];
        RandomGenerator random = new SplittableRandom(bits * 1000L + blockSize);
        for (int i = 0; i < w.length; i++) {
            w[i] = (float) (random.nextDouble(-1, 1) * spread + (i / k == 2 ? spread : 0));
        }

        // When
        BlockQuantizedWeight quantized =
                (BlockQuantizedWeight) QuantizationMethod.of(new Recipe(Method.RTN, bits, blockSize, symmetric))
                        .apply(tensor(n, k, w))
                        .weight();

        // Then
        byte[] codes = CodePacking.unpackCodes(quantized.codes().toArray(ValueLayout.JAVA_BYTE), n, k, blockSize, bits);
        int blocks = Math.ceilDiv(k, blockSize);
        for (int i = 0; i < w.length; i++) {
            int block = i / k * blocks + i % k / blockSize;
            float scale = Float.float16ToFloat(
                    quantized.scales().get(ValueLayout.JAVA_SHORT_UNALIGNED, (long) block * Short.BYTES));
            int zeroPoint = symmetric
                    ? 1 << (bits - 1)
                    : Byte.toUnsignedInt(
                            CodePacking.unpackZeroPoints(
                                    quantized.zeroPoints().toArray(ValueLayout.JAVA_BYTE), n, blocks, bits)[block]);
            double restored = (double) (Byte.toUnsignedInt(codes[i]) - zeroPoint) * scale;
            assertThat(Math.abs(restored - w[i])).as("weight %d", i).isLessThanOrEqualTo(0.5 * scale);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, false", "3, false", "4, false", "8, false", "2, true", "3, true"})
    void shouldNeverBeFartherFromTheWeightsWhenRangesAreSearched(int bits, boolean symmetric) {
        // Given: many small weights and few large ones, where cutting pays
        float[] w = new float[16 * 128];
        SplittableRandom random = new SplittableRandom(bits);
        for (int i = 0; i < w.length; i++) {
            w[i] = (float) Math.pow(random.nextDouble(-1, 1), 5);
        }
        Tensor weight = tensor(16, 128, w);

        // When
        double whole = error(bits, symmetric, Clipping.MIN_MAX, weight);
        double searched = error(bits, symmetric, Clipping.MSE, weight);

        // Then
        assertThat(searched).isLessThanOrEqualTo(whole);
        if (bits <= 3) {
            assertThat(searched).isLessThan(0.97 * whole);
        }
    }

    @Test
    void shouldGiveEachLinearItsOwnWidthWhenOverridden() {
        // Given
        Recipe recipe = new Recipe(
                Method.RTN,
                3,
                64,
                false,
                null,
                null,
                List.of(new WidthOverride("layers.*.mlp.down_proj", 8), new WidthOverride("layers.1.mlp.down_proj", 4)),
                null,
                null,
                null);
        QuantizationMethod method = QuantizationMethod.of(recipe);

        // Then: the last override that matches counts
        assertThat(bits(method, "model.layers.0.mlp.up_proj.weight")).isEqualTo(3);
        assertThat(bits(method, "model.layers.0.mlp.down_proj.weight")).isEqualTo(8);
        assertThat(bits(method, "model.layers.1.mlp.down_proj.weight")).isEqualTo(4);
    }

    private static int bits(QuantizationMethod method, String name) {
        Tensor weight = new Tensor(name, DType.F32, new long[] {1, 64}, MemorySegment.ofArray(new float[64]));
        return ((BlockQuantizedWeight) method.apply(weight).weight()).bits();
    }

    private static double error(int bits, boolean symmetric, Clipping clipping, Tensor weight) {
        return QuantizationMethod.of(
                        new Recipe(Method.RTN, bits, 64, symmetric, null, null, null, clipping, null, null))
                .apply(weight)
                .relativeError();
    }

    @Test
    void shouldKeepZerosExactlyWhenABlockIsAllZero() {
        BlockQuantizedWeight quantized = (BlockQuantizedWeight) QuantizationMethod.of(Recipe.roundToNearest(3))
                .apply(tensor(1, 64, new float[64]))
                .weight();

        assertThat(quantized.scales().toArray(ValueLayout.JAVA_SHORT_UNALIGNED))
                .containsExactly(Float.floatToFloat16(1));
        assertThat(quantized.codes().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        assertThat(quantized.zeroPoints().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource({"NaN, holds NaN; allowed: finite weights", "Infinity, holds Infinity; allowed: finite weights"})
    void shouldNameTheTensorWhenAWeightIsNoNumber(float value, String problem) {
        float[] w = new float[64];
        w[63] = value;
        Tensor weight = tensor(1, 64, w);

        for (Recipe recipe : new Recipe[] {Recipe.roundToNearest(4), Recipe.baseline()}) {
            assertThatThrownBy(() -> QuantizationMethod.of(recipe).apply(weight))
                    .isInstanceOf(QuantizationException.class)
                    .hasMessage("tensor 'w' " + problem);
        }
    }

    @Test
    void shouldNameTheTensorWhenFp16CannotHoldAScaleOrAWeight() {
        float[] w = new float[64];
        w[0] = 1e9f;
        Tensor weight = tensor(1, 64, w);

        assertThatThrownBy(() -> QuantizationMethod.of(Recipe.roundToNearest(4)).apply(weight))
                .hasMessage("tensor 'w' spans 0.0 to 1.0E9 in a block; its scale is beyond fp16, up to 65504");
        assertThatThrownBy(() -> QuantizationMethod.of(Recipe.baseline()).apply(weight))
                .hasMessage(
                        "tensor 'w' holds 1.0E9; artifacts hold such weights as fp16 or cast them to it, up to 65504.0");
    }

    /** 65536 is the bf16 behind 65280, fp16's 65504 lies between them. */
    @Test
    void shouldNameTheTensorWhenFp16CannotHoldABf16Value() {
        assertThatThrownBy(() -> SixteenBits.of(bf16(0x4780)))
                .isInstanceOf(QuantizationException.class)
                .hasMessage(
                        "tensor 'w' holds 65536.0; artifacts hold such weights as fp16 or cast them to it, up to 65504.0");
        assertThat(SixteenBits.of(bf16(0x477F)).toFloats()).containsExactly(65_280);
    }

    private static Tensor bf16(int bits) {
        byte[] bytes = {(byte) bits, (byte) (bits >> Byte.SIZE)};
        return new Tensor("w", DType.BF16, new long[] {1, 1}, MemorySegment.ofArray(bytes));
    }

    private static QuantizationMethod method(JsonNode node, Clipping clipping) {
        return QuantizationMethod.of(new Recipe(
                Method.RTN,
                node.path("bits").asInt(),
                node.path("blockSize").asInt(),
                node.path("symmetric").asBoolean(),
                null,
                null,
                null,
                clipping,
                null,
                null));
    }

    /** Weights of 16 bits are rounded in fp32, the same weights in fp32 in fp64: the NumPy reference above holds the second. */
    @ParameterizedTest
    @CsvSource({
        "BF16, 8, 64, false, 1e-2", "BF16, 4, 64, false, 1e-2", "BF16, 4, 64, true, 3e4", "BF16, 3, 32, false, 1",
        "BF16, 2, 128, true, 1e-7", "F16, 8, 32, true, 1e-2", "F16, 4, 64, false, 1e-6", "F16, 3, 128, false, 100",
        "F16, 2, 64, true, 1e-2"
    })
    void shouldRoundSixteenBitsAsTheSameWeightsInFp32(
            DType type, int bits, int blockSize, boolean symmetric, float size) {
        // Given: more than one chunk of columns, a short last block, a number of rows that no group divides, zeros and
        // ties
        int n = 37;
        int k = 1_500;
        RandomGenerator random = new SplittableRandom(11);
        float[] values = new float[n * k];
        short[] halves = new short[n * k];
        for (int i = 0; i < values.length; i++) {
            float value = i % k < 600
                    ? size * random.nextInt(-15, 16) / 16
                    : (float) (size * random.nextGaussian() * (i % 7 == 0 ? 1e-3 : 0.2));
            halves[i] = type == DType.F16
                    ? Float.floatToFloat16(value)
                    : (short) (Float.floatToRawIntBits(value) >>> Short.SIZE);
            values[i] =
                    type == DType.F16 ? Float.float16ToFloat(halves[i]) : Float.intBitsToFloat(halves[i] << Short.SIZE);
        }
        for (Clipping clipping : Clipping.values()) {
            QuantizationMethod method = QuantizationMethod.of(
                    new Recipe(Method.RTN, bits, blockSize, symmetric, null, null, null, clipping, null, null));

            // When
            QuantizedLinear narrow =
                    method.apply(new Tensor("w", type, new long[] {n, k}, MemorySegment.ofArray(halves)));
            QuantizedLinear wide = method.apply(tensor(n, k, values));

            // Then
            assertThat(stored(narrow)).isDeepEqualTo(stored(wide));
            assertThat(narrow.relativeError()).isEqualTo(wide.relativeError());
        }
    }

    private static byte[][] stored(QuantizedLinear linear) {
        BlockQuantizedWeight weight = (BlockQuantizedWeight) linear.weight();
        return Stream.of(weight.codes(), weight.scales(), weight.zeroPoints())
                .map(part -> part == null ? new byte[0] : part.toArray(ValueLayout.JAVA_BYTE))
                .toArray(byte[][]::new);
    }

    private static Tensor tensor(int n, int k, float[] values) {
        return new Tensor("w", DType.F32, new long[] {n, k}, MemorySegment.ofArray(Arrays.copyOf(values, n * k)));
    }

    private static byte[] bytes(JsonNode node, String key) {
        return Base64.getDecoder().decode(node.path(key).asText());
    }
}
