package dev.fewbit.quantizer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against OpenBLAS. Both round sums of up to some thousand products in fp32, in different orders: 1e-5 covers it. */
class DeviceProductsIT {
    private static final double TOLERANCE = 1e-5;

    private final Arena arena = Arena.ofShared();
    private final Matrices matrices = new Matrices(arena, 5);
    private CudaDevice device;
    private DeviceArena memory;
    private DeviceProducts products;

    @BeforeEach
    void open() {
        device = Gpu.open();
        memory = device.newArena();
        products = device.products();
    }

    @AfterEach
    void close() {
        if (device != null) {
            memory.close();
            device.close();
        }
        arena.close();
    }

    @Test
    void shouldMultiplyByTheTransposedAndAddWhenAsked() {
        Matrix input = matrices.gaussian(77, 130);
        Matrix weight = matrices.gaussian(45, 130);
        Matrix expected = matrices.gaussian(77, 45);
        DeviceMatrix output = device.upload(memory, expected);

        products.linear(device.upload(memory, input), device.upload(memory, weight), output, 1);
        Products.linear(input, weight, expected, 1);

        assertThat(Matrices.distance(matrices.downloaded(output), expected)).isLessThan(TOLERANCE);
    }

    @Test
    void shouldMultiplyBlocksOfLargerMatrices() {
        // Given
        Matrix a = matrices.gaussian(40, 50);
        Matrix b = matrices.gaussian(60, 70);
        Matrix expected = matrices.gaussian(80, 90);
        DeviceMatrix onA = device.upload(memory, a);
        DeviceMatrix onB = device.upload(memory, b);
        DeviceMatrix output = device.upload(memory, expected);

        // When
        products.times(
                11,
                13,
                17,
                0.5f,
                new DeviceProducts.Block(onA, 3, 4),
                new DeviceProducts.Block(onB, 5, 6),
                1,
                new DeviceProducts.Block(output, 7, 8));
        products.timesTransposed(
                12,
                14,
                18,
                2,
                new DeviceProducts.Block(onA, 1, 2),
                new DeviceProducts.Block(onB, 3, 4),
                new DeviceProducts.Block(output, 30, 31));
        products.transposedTimes(
                15,
                16,
                19,
                -1,
                new DeviceProducts.Block(onA, 2, 3),
                new DeviceProducts.Block(onB, 4, 5),
                1,
                new DeviceProducts.Block(output, 50, 51));
        Products.times(
                11,
                13,
                17,
                0.5f,
                new Products.Block(a, 3, 4),
                new Products.Block(b, 5, 6),
                1,
                new Products.Block(expected, 7, 8));
        Products.timesTransposed(
                12,
                14,
                18,
                2,
                new Products.Block(a, 1, 2),
                new Products.Block(b, 3, 4),
                new Products.Block(expected, 30, 31));
        Products.transposedTimes(
                15,
                16,
                19,
                -1,
                new Products.Block(a, 2, 3),
                new Products.Block(b, 4, 5),
                1,
                new Products.Block(expected, 50, 51));

        // Then
        assertThat(Matrices.distance(matrices.downloaded(output), expected)).isLessThan(TOLERANCE);
    }

    @Test
    void shouldMultiplyEachOfManyBlocks() {
        // Given: heads of width 8, of which two share a key
        Matrix q = matrices.gaussian(20, 32);
        Matrix k = matrices.gaussian(24, 16);
        Matrix expected = matrices.zeros(4 * 20, 24);
        DeviceMatrix onQ = device.upload(memory, q);
        DeviceMatrix onK = device.upload(memory, k);
        DeviceMatrix output = memory.matrix(4 * 20, 24);

        // When
        for (int i = 0; i < 2; i++) {
            products.timesTransposed(
                    20,
                    24,
                    8,
                    0.25f,
                    new DeviceProducts.Blocks(new DeviceProducts.Block(onQ, 0, i * 8), 16),
                    new DeviceProducts.Blocks(new DeviceProducts.Block(onK, 0, 0), 8),
                    new DeviceProducts.Blocks(new DeviceProducts.Block(output, i * 20, 0), 2 * 20 * 24),
                    2);
        }
        for (int head = 0; head < 4; head++) {
            Products.timesTransposed(
                    20,
                    24,
                    8,
                    0.25f,
                    new Products.Block(q, 0, head * 8),
                    new Products.Block(k, 0, head / 2 * 8),
                    new Products.Block(expected, head * 20, 0));
        }

        // Then
        assertThat(Matrices.distance(matrices.downloaded(output), expected)).isLessThan(TOLERANCE);
    }

    @Test
    void shouldSumWhatIsSymmetricInPartsAndMirrorIt() {
        // Given: large enough for parts, and not a multiple of them
        int k = 2100;
        Matrix rows = matrices.gaussian(500, k);
        Matrix expected = matrices.zeros(k, k);
        DeviceMatrix onDevice = device.upload(memory, rows);
        DeviceMatrix sum = memory.zeros(k, k);

        // When
        products.addSymmetric(onDevice, onDevice, sum);
        products.addSymmetric(onDevice, onDevice, sum);
        new DecoderKernels(device).mirror(sum);
        Products.addTransposedTimes(rows, rows, expected);
        Products.addTransposedTimes(rows, rows, expected);

        // Then
        Matrix found = matrices.downloaded(sum);
        assertThat(Matrices.distance(found, expected)).isLessThan(TOLERANCE);
        assertThat(found.get(3, 2099)).isEqualTo(found.get(2099, 3));
        assertThat(found.get(2000, 700)).isEqualTo(found.get(700, 2000));
    }

    @Test
    void shouldSayHowMuchIsMissingWhenMemoryIsTooSmall() {
        assertThat(device.name()).isNotBlank();
        assertThat(device.deviceClass()).startsWith("cuda-");
        assertThatThrownBy(() -> memory.bytes(4L << 40))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("4194304 MiB more are needed")
                .hasMessageContaining("--device cpu");
    }
}
