import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.cuda.DecoderKernels;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.cuda.DeviceProducts;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What the engine's products reach on a GPU, in the shapes of a 7B decoder: the ceilings that a quantization's time is to be held against. */
public final class Rates {
    private static final int TOKENS = 16_384;
    private static final int HIDDEN = 4096;
    private static final int INNER = 11_008;

    private Rates() {}

    public static void main(String[] none) {
        try (CudaDevice device = CudaDevice.open();
                DeviceArena memory = device.newArena();
                Arena arena = Arena.ofShared()) {
            DeviceProducts products = device.products();
            Matrix random = Matrix.allocate(arena, TOKENS, INNER);
            IntStream.range(0, TOKENS).parallel().forEach(row -> {
                SplittableRandom numbers = new SplittableRandom(row);
                float[] values = new float[INNER];
                for (int i = 0; i < INNER; i++) {
                    values[i] = (float) numbers.nextDouble(-1, 1);
                }
                random.setRow(row, values);
            });
            long start = System.nanoTime();
            DeviceMatrix inner = device.upload(memory, random);
            System.out.printf("%s, %s: upload %.1f GB/s%n", device.name(), device.versions(), inner.elements() * 4e0 / (System.nanoTime() - start));
            DeviceMatrix x = new DeviceMatrix(device, inner.address(), TOKENS, HIDDEN);
            DeviceMatrix weight = new DeviceMatrix(device, inner.address(), INNER, HIDDEN);
            DeviceMatrix output = memory.matrix(TOKENS, INNER);
            DeviceMatrix sum = memory.zeros(INNER, INNER);
            double linear = 2.0 * TOKENS * HIDDEN * INNER;
            double square = 2.0 * TOKENS * INNER * INNER;
            rate(device, "linear", linear, () -> products.linear(x, weight, output, 0));
            rate(device, "sum, whole", square, () -> products.addTransposedTimes(inner, inner, 1, sum));
            rate(device, "sum, symmetric", square, () -> products.addSymmetric(inner, inner, sum));
            DecoderKernels kernels = new DecoderKernels(device);
            rate(device, "subtract (GB/s)", 12.0 * inner.elements() * 1e3, () -> kernels.subtract(output, inner, output));
            start = System.nanoTime();
            output.download(random);
            System.out.printf("download %.1f GB/s%n", inner.elements() * 4e0 / (System.nanoTime() - start));
        }
    }

    private static void rate(CudaDevice device, String name, double operations, Runnable work) {
        work.run();
        device.synchronize();
        int times = 5;
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            work.run();
        }
        device.synchronize();
        System.out.printf("%-16s %8.1f TFLOP/s%n", name, times * operations / (System.nanoTime() - start) / 1e3);
    }
}
