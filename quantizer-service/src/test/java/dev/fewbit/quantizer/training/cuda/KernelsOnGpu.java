package dev.fewbit.quantizer.training.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.cuda.Gpu;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Each kernel against its formula in fp64. What it computes in fp32 is some operations deep, each good to 6e-8. */
abstract class KernelsOnGpu {
    static final double TOLERANCE = 2e-6;
    static final double EPSILON = 1e-5;

    static CudaDevice device;
    static TrainingKernels kernels;

    final SplittableRandom random = new SplittableRandom(4);
    Arena host;
    DeviceArena arena;

    @BeforeAll
    static void open() {
        device = Gpu.open();
        kernels = new TrainingKernels(device);
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
        }
    }

    @BeforeEach
    void newArenas() {
        host = Arena.ofConfined();
        arena = device.newArena();
    }

    @AfterEach
    void closeArenas() {
        arena.close();
        host.close();
    }

    Matrix random(int rows, int columns) {
        Matrix matrix = Matrix.allocate(host, rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                matrix.set(row, column, (float) random.nextGaussian());
            }
        }
        return matrix;
    }

    DeviceMatrix upload(Matrix matrix) {
        return device.upload(arena, matrix);
    }

    Matrix download(DeviceMatrix matrix) {
        Matrix copy = Matrix.allocate(host, matrix.rows(), matrix.columns());
        matrix.download(copy);
        return copy;
    }

    static double[][] elements(Matrix matrix) {
        double[][] elements = new double[matrix.rows()][matrix.columns()];
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                elements[row][column] = matrix.get(row, column);
            }
        }
        return elements;
    }

    void assertClose(DeviceMatrix found, double[][] expected) {
        double error = 0;
        double norm = 0;
        double[][] elements = elements(download(found));
        for (int row = 0; row < expected.length; row++) {
            for (int column = 0; column < expected[row].length; column++) {
                error += Math.pow(elements[row][column] - expected[row][column], 2);
                norm += Math.pow(expected[row][column], 2);
            }
        }
        assertThat(Math.sqrt(error / norm)).isLessThan(TOLERANCE);
    }

    /** Heads of 16. */
    static ModelConfig config() {
        try {
            return ModelConfig.read(Path.of(
                    KernelsOnGpu.class.getResource("/training/checkpoint").toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
