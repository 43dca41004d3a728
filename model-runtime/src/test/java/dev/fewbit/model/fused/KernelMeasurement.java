package dev.fewbit.model.fused;

import dev.fewbit.model.device.CudaKernels;
import dev.fewbit.model.device.CudaLibraries;
import dev.fewbit.model.device.CudaMemory;
import dev.fewbit.model.fused.AttentionKernels.Tensors;
import dev.fewbit.model.fused.AttentionKernels.Tuning;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Kernels of our own on a GPU: {@code check [SEED]} compares what they compute with {@link AttentionReference} and plain fp64 arithmetic over
 * random numbers, and fails when one is off; {@code time} says what they take. {@code benchmarks/generation/gpu kernels} runs both.
 */
final class KernelMeasurement {
    private static final byte POISON = 0x55;
    private static final int CAPACITY = 200;
    private static final int TOP = 50;

    private final CudaMemory memory;
    private final DeviceArrays arrays;

    private KernelMeasurement(CudaMemory memory, long seed) {
        this.memory = memory;
        arrays = new DeviceArrays(memory, seed);
    }

    /** The command line. */
    public static void main(String[] args) {
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        try (CudaMemory memory = CudaMemory.open(0, new CudaLibraries(System.getenv()))) {
            KernelMeasurement measurement = new KernelMeasurement(memory, seed);
            switch (args[0]) {
                case "check" -> measurement.check(seed);
                case "time" -> measurement.time();
                default -> throw new IllegalArgumentException(args[0] + ": check or time");
            }
        }
    }

    private void check(long seed) {
        System.out.println("seed " + seed);
        int[][] shapes = {{4, 4, 128}, {4, 2, 128}, {9, 3, 64}, {4, 2, 64}, {4, 2, 32}};
        for (int[] shape : shapes) {
            AttentionNode node = new AttentionNode(shape[0], shape[1], shape[2], (float) (1 / Math.sqrt(shape[2])));
            for (int blocks : new int[] {1056, 1}) {
                attention(node, new Tuning(blocks, 4, 1));
            }
        }
        linear(new LinearNode(40, 64, 32, false), 1);
        linear(new LinearNode(41, 2048, 64, false), 3);
        linear(new LinearNode(64, 5504, 64, true), 1);
        linear(new LinearNode(4100, 384, 128, true), 2);
        linear(new LinearNode(264, 576, 64, false), 20);
        linear(new LinearNode(264, 704, 64, true), 9);
        gate(5, 704);
        gate(64, 5504);
        for (int vocabulary : new int[] {200, 2048, 32256, 151936}) {
            largest(vocabulary);
        }
    }

    /** Prompts in two chunks, then steps, each beside its reference. */
    private void attention(AttentionNode node, Tuning tuning) {
        int rows = 3;
        int[] lengths = {107, 180, 1};
        AttentionReference reference = new AttentionReference(node, CAPACITY, arrays);
        Cache cache = new Cache(node, rows);
        long cosines = arrays.halves(reference.cosines());
        long sines = arrays.halves(reference.sines());
        try (AttentionKernels kernels = new AttentionKernels(memory, node, tuning)) {
            Worst prompts = new Worst();
            for (int row = 0; row < rows; row++) {
                for (int from = 0; from < lengths[row]; ) {
                    int length = Math.min(from == 0 ? 70 : 200, lengths[row] - from);
                    float[] packed = arrays.random(length * width(node), 1);
                    Call call = new Call(cache.at(row), cosines, sines, packed, new int[] {from + length - 1}, node);
                    kernels.launch(call.tensors(), 1, length, CAPACITY);
                    prompts.add(reference.attend(row, packed, from), call.result());
                    from += length;
                }
            }
            Worst steps = new Worst();
            for (int step = 0; step < 4; step++) {
                float[] packed = arrays.random(rows * width(node), 1);
                int[] last = lengths.clone();
                Call call = new Call(cache.at(0), cosines, sines, packed, last, node);
                kernels.launch(call.tensors(), rows, 1, CAPACITY);
                float[] found = call.result();
                int out = node.heads() * node.headDim();
                for (int row = 0; row < rows; row++) {
                    float[] own = Arrays.copyOfRange(packed, row * width(node), (row + 1) * width(node));
                    steps.add(
                            reference.attend(row, own, lengths[row]),
                            Arrays.copyOfRange(found, row * out, (row + 1) * out));
                    lengths[row]++;
                }
            }
            cache.requireUntouched(lengths);
            System.out.printf(
                    "| attention %d/%d heads of %d, %d blocks | prompts %s | steps %s |%n",
                    node.heads(), node.kvHeads(), node.headDim(), tuning.blocks(), prompts, steps);
            prompts.require();
            steps.require();
        }
    }

    private static int width(AttentionNode node) {
        return (node.heads() + 2 * node.kvHeads()) * node.headDim();
    }

    /** Error against int8 arithmetic in fp64, which is the kernels', and against arithmetic over unrounded keys, which is the format's. */
    private static final class Worst {
        private static final double KERNEL_LIMIT = 2e-3;
        private static final double FORMAT_LIMIT = 2e-2;

        private double kernel;
        private double format;
        private double formatSquares;
        private double squares;

        void add(AttentionReference.Result wanted, float[] found) {
            for (int i = 0; i < found.length; i++) {
                kernel = larger(kernel, Math.abs(found[i] - wanted.rounded()[i]));
                format = larger(format, Math.abs(found[i] - wanted.exact()[i]));
                formatSquares += Math.pow(found[i] - wanted.exact()[i], 2);
                squares += Math.pow(wanted.exact()[i], 2);
            }
        }

        /** Of which a NaN is the largest. */
        private static double larger(double a, double b) {
            return Double.isNaN(b) ? b : Math.max(a, b);
        }

        void require() {
            if (!(kernel < KERNEL_LIMIT) || !(Math.sqrt(formatSquares / squares) < FORMAT_LIMIT)) {
                throw new IllegalStateException("the kernel is wrong: " + this);
            }
        }

        @Override
        public String toString() {
            return "off by %.1e at most, from unrounded keys and values by %.1e, %.2f%% (rms)"
                    .formatted(kernel, format, 100 * Math.sqrt(formatSquares / squares));
        }
    }

    private final class Cache {
        private final AttentionNode node;
        private final int rows;
        private final long[] codes = new long[2];
        private final long[] scales = new long[2];

        Cache(AttentionNode node, int rows) {
            this.node = node;
            this.rows = rows;
            byte[] poison = new byte[rows * node.kvHeads() * CAPACITY * node.headDim()];
            Arrays.fill(poison, POISON);
            float[] scalePoison = new float[rows * node.kvHeads() * CAPACITY];
            Arrays.fill(scalePoison, Float.NaN);
            for (int i = 0; i < 2; i++) {
                codes[i] = arrays.bytes(poison);
                scales[i] = arrays.floats(scalePoison);
            }
        }

        /** Addresses of keys, values and their scales from a row on. */
        long[] at(int row) {
            long heads = (long) row * node.kvHeads() * CAPACITY;
            return new long[] {
                codes[0] + heads * node.headDim(),
                codes[1] + heads * node.headDim(),
                scales[0] + heads * Float.BYTES,
                scales[1] + heads * Float.BYTES
            };
        }

        void requireUntouched(int[] lengths) {
            for (long address : codes) {
                byte[] found = arrays.readBytes(address, rows * node.kvHeads() * CAPACITY * node.headDim());
                for (int i = 0; i < found.length; i++) {
                    int token = i / node.headDim();
                    if (token % CAPACITY >= lengths[token / CAPACITY / node.kvHeads()] && found[i] != POISON) {
                        throw new IllegalStateException("token " + token % CAPACITY + " was written behind the last");
                    }
                }
            }
        }
    }

    private final class Call {
        private final Tensors tensors;
        private final int count;

        Call(long[] cache, long cosines, long sines, float[] packed, int[] last, AttentionNode node) {
            count = packed.length / width(node) * node.heads() * node.headDim();
            float[] poison = new float[count + 64];
            Arrays.fill(poison, Float.NaN);
            tensors = new Tensors(
                    arrays.halves(packed),
                    cache[0],
                    cache[1],
                    cache[2],
                    cache[3],
                    arrays.ints(last),
                    cosines,
                    sines,
                    arrays.halves(poison));
        }

        Tensors tensors() {
            return tensors;
        }

        float[] result() {
            float[] all = arrays.readHalves(tensors.out(), count + 64);
            for (int i = count; i < all.length; i++) {
                if (!Float.isNaN(all[i])) {
                    throw new IllegalStateException("written behind the output");
                }
            }
            return Arrays.copyOf(all, count);
        }
    }

    private void linear(LinearNode node, int rows) {
        int blocks = node.k() / node.block();
        byte[] codes = arrays.randomBytes(node.n() * node.k() / 2);
        byte[] zeros = arrays.randomBytes(node.n() * Math.ceilDiv(blocks, 2));
        float[] scales = arrays.random(node.n() * blocks, 0.02);
        float[] x = arrays.random(rows * node.k(), 1);
        float[] poison = new float[rows * node.n()];
        Arrays.fill(poison, Float.NaN);
        try (LinearKernels kernels = new LinearKernels(memory, (long) node.n() * node.k())) {
            long out = arrays.halves(poison);
            kernels.launch(
                    node,
                    new LinearKernels.Tensors(
                            arrays.halves(x),
                            arrays.bytes(codes),
                            arrays.halves(scales),
                            node.zeros() ? arrays.bytes(zeros) : 0,
                            out),
                    rows);
            float[] found = arrays.readHalves(out, rows * node.n());
            double worst = 0;
            for (int i = 0; i < found.length; i++) {
                int column = i % node.n();
                double wanted = 0;
                double squares = 0;
                for (int k = 0; k < node.k(); k++) {
                    int block = k / node.block();
                    int code = codes[(column * node.k() + k) / 2] >> (k % 2 * 4) & 15;
                    int zero = node.zeros()
                            ? zeros[column * Math.ceilDiv(blocks, 2) + block / 2] >> (block % 2 * 4) & 15
                            : 8;
                    double term =
                            (code - zero) * (double) scales[column * blocks + block] * x[i / node.n() * node.k() + k];
                    wanted += term;
                    squares += term * term;
                }
                worst = Worst.larger(worst, Math.abs(found[i] - wanted) / Math.sqrt(squares));
            }
            System.out.printf(
                    "| linear, %d rows, %s | off by %.1e of the terms' root of squares at most |%n", rows, node, worst);
            if (!(worst < 5e-3)) {
                throw new IllegalStateException("the kernel is wrong");
            }
        }
    }

    private void gate(int rows, int columns) {
        try (CudaKernels kernels = memory.kernels("gate.cu", KernelSource.of("gate.cu"), List.of())) {
            float[] in = arrays.random(rows * 2 * columns, 4);
            float[] poison = new float[rows * columns];
            Arrays.fill(poison, Float.NaN);
            long out = arrays.halves(poison);
            FusedOperators.launchGate(kernels, arrays.halves(in), out, rows, columns);
            float[] found = arrays.readHalves(out, rows * columns);
            double worst = 0;
            for (int i = 0; i < found.length; i++) {
                int at = i / columns * 2 * columns + i % columns;
                double wanted = in[at] / (1 + Math.exp(-in[at])) * in[at + columns];
                worst = Worst.larger(worst, Math.abs(found[i] - wanted) / (Math.abs(wanted) + 1e-3));
            }
            System.out.printf("| gated SiLU, %d rows of %d | off by %.1e of it at most |%n", rows, columns, worst);
            if (!(worst < 1e-3)) {
                throw new IllegalStateException("the kernel is wrong");
            }
        }
    }

    private void largest(int vocabulary) {
        int rows = 5;
        float[] logits = arrays.random(rows * vocabulary, 3);
        // A row of one number, one that rises, and one of few numbers with infinities: more candidates than are sorted.
        Arrays.fill(logits, vocabulary, 2 * vocabulary, -1.5f);
        for (int i = 0; i < vocabulary; i++) {
            logits[2 * vocabulary + i] = half(-20 + 40f * i / vocabulary);
            logits[3 * vocabulary + i] = i % 7 == 0 ? Float.NEGATIVE_INFINITY : i % 3;
        }
        try (CudaKernels kernels = memory.kernels("largest.cu", KernelSource.of("largest.cu"), List.of())) {
            float[] nothing = new float[rows * TOP];
            Arrays.fill(nothing, Float.NaN);
            long values = arrays.floats(nothing);
            long ids = arrays.floats(new float[2 * rows * TOP]);
            long sums = arrays.floats(Arrays.copyOf(nothing, rows));
            FusedOperators.launchLargest(
                    kernels, arrays.halves(logits), new FusedOperators.Found(values, ids, sums), rows, vocabulary, TOP);
            float[] foundValues = arrays.readFloats(values, rows * TOP);
            long[] foundIds = arrays.readLongs(ids, rows * TOP);
            float[] foundSums = arrays.readFloats(sums, rows);
            double worst = 0;
            for (int row = 0; row < rows; row++) {
                float[] own = Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary);
                int[] order = IntStream.range(0, vocabulary)
                        .boxed()
                        .sorted(Comparator.<Integer>comparingDouble(i -> -own[i])
                                .thenComparingInt(i -> i))
                        .limit(TOP)
                        .mapToInt(i -> i)
                        .toArray();
                double sum = 0;
                for (float logit : own) {
                    sum += Math.exp(logit - own[order[0]]);
                }
                worst = Worst.larger(worst, Math.abs(foundSums[row] - own[order[0]] - Math.log(sum)));
                for (int i = 0; i < TOP; i++) {
                    if (foundIds[row * TOP + i] != order[i] || foundValues[row * TOP + i] != own[order[i]]) {
                        throw new IllegalStateException("row " + row + " place " + i + ": "
                                + foundIds[row * TOP + i] + " of " + foundValues[row * TOP + i] + ", not " + order[i]
                                + " of " + own[order[i]]);
                    }
                }
            }
            System.out.printf(
                    "| largest %d of %d | all the same, log-sum-exp off by %.1e at most |%n", TOP, vocabulary, worst);
            if (!(worst < 1e-4)) {
                throw new IllegalStateException("the kernel is wrong");
            }
        }
    }

    private static float half(float value) {
        return Float.float16ToFloat(Float.floatToFloat16(value));
    }

    private void time() {
        int capacity = 776;
        for (int[] shape : new int[][] {{16, 16, 128, 24, 64}, {9, 3, 64, 30, 64}, {16, 16, 128, 24, 1}}) {
            AttentionNode node = new AttentionNode(shape[0], shape[1], shape[2], 0.1f);
            int layers = shape[3];
            int rows = shape[4];
            long heads = (long) rows * node.kvHeads() * capacity;
            long codes = memory.allocate(2 * layers * heads * node.headDim());
            long scales = memory.allocate(2 * layers * heads * Float.BYTES);
            long table = arrays.halves(new float[capacity * node.headDim() / 2]);
            int[] last = new int[rows];
            Arrays.fill(last, 540);
            long positions = arrays.ints(last);
            long packed = arrays.halves(arrays.random(rows * width(node), 1));
            long out = arrays.halves(new float[rows * node.heads() * node.headDim()]);
            for (Tuning tuning : List.of(
                    new Tuning(1056, 4, 1),
                    new Tuning(1056, 2, 8),
                    new Tuning(1056, 4, 6),
                    new Tuning(2112, 4, 1),
                    new Tuning(2112, 2, 8),
                    new Tuning(4224, 2, 8))) {
                try (AttentionKernels kernels = new AttentionKernels(memory, node, tuning)) {
                    double seconds = best(() -> {
                        for (int layer = 0; layer < layers; layer++) {
                            long keys = codes + 2 * layer * heads * node.headDim();
                            long keyScales = scales + 2 * layer * heads * Float.BYTES;
                            kernels.launch(
                                    new Tensors(
                                            packed,
                                            keys,
                                            keys + heads * node.headDim(),
                                            keyScales,
                                            keyScales + heads * Float.BYTES,
                                            positions,
                                            table,
                                            table,
                                            out),
                                    rows,
                                    1,
                                    capacity);
                        }
                    });
                    double read = 2.0 * layers * rows * node.kvHeads() * 541 * (node.headDim() + Float.BYTES);
                    System.out.printf(
                            "| %d layers of attention, %d/%d heads of %d, %d rows, %s | %.0f us | %.0f GB/s |%n",
                            layers,
                            node.heads(),
                            node.kvHeads(),
                            node.headDim(),
                            rows,
                            tuning,
                            seconds * 1e6,
                            read / seconds / 1e9);
                }
            }
            memory.free(codes);
            memory.free(scales);
        }
        timeOthers();
    }

    private void timeOthers() {
        for (LinearNode node : List.of(
                new LinearNode(6144, 2048, 64, false),
                new LinearNode(2048, 2048, 64, false),
                new LinearNode(11008, 2048, 64, false),
                new LinearNode(2048, 5504, 64, false),
                new LinearNode(32256, 2048, 64, false))) {
            int copies = 24;
            long codes = (long) node.n() * node.k() / 2;
            try (LinearKernels kernels = new LinearKernels(memory, 2 * codes)) {
                long all = memory.allocate(copies * codes);
                long scales = memory.allocate(copies * codes / node.block() * 4);
                long x = arrays.halves(arrays.random(node.k(), 1));
                long out = memory.allocate(2L * node.n());
                double seconds = best(() -> {
                    for (int i = 0; i < copies; i++) {
                        kernels.launch(
                                node,
                                new LinearKernels.Tensors(
                                        x, all + i * codes, scales + i * codes / node.block() * 4, 0, out),
                                1);
                    }
                });
                System.out.printf(
                        "| 24 linears, 1 row, %s | %.0f us | %.0f GB/s |%n",
                        node, seconds * 1e6, copies * codes / seconds / 1e9);
                memory.free(all);
                memory.free(scales);
            }
        }
        try (CudaKernels gate = memory.kernels("gate.cu", KernelSource.of("gate.cu"), List.of());
                CudaKernels largest = memory.kernels("largest.cu", KernelSource.of("largest.cu"), List.of())) {
            long in = arrays.halves(arrays.random(64 * 2 * 5504, 1));
            long out = arrays.halves(new float[64 * 5504]);
            double seconds = best(() -> {
                for (int i = 0; i < 24; i++) {
                    FusedOperators.launchGate(gate, in, out, 64, 5504);
                }
            });
            System.out.printf("| gated SiLU, 24 times 64 rows of 5504 | %.0f us |%n", seconds * 1e6);
            for (int vocabulary : new int[] {32256, 49152}) {
                long logits = arrays.halves(arrays.random(64 * vocabulary, 3));
                FusedOperators.Found found = new FusedOperators.Found(
                        memory.allocate(64 * TOP * 4), memory.allocate(64 * TOP * 8), memory.allocate(64 * 4));
                seconds = best(() -> {
                    for (int i = 0; i < 20; i++) {
                        FusedOperators.launchLargest(largest, logits, found, 64, vocabulary, TOP);
                    }
                });
                System.out.printf("| largest %d of %d, 64 rows | %.1f us |%n", TOP, vocabulary, seconds / 20 * 1e6);
            }
        }
    }

    private double best(Runnable work) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 12; i++) {
            memory.synchronize();
            long start = System.nanoTime();
            work.run();
            memory.synchronize();
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        return best;
    }
}
