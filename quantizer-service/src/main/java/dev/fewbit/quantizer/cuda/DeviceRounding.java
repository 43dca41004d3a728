package dev.fewbit.quantizer.cuda;

import dev.fewbit.quantizer.cuda.DeviceProducts.Block;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.streams.GridCodes;
import dev.fewbit.quantizer.streams.RoundingTask;
import dev.fewbit.quantizer.streams.WeightRounding;
import java.lang.foreign.MemorySegment;

/** Rounds weights on a device ({@code rounding.cu}), rows in parallel. */
final class DeviceRounding implements WeightRounding {
    /** Narrower weights are rounded on the processor. Fixed: it shows in the last bits. */
    private static final int LEAST_COLUMNS = 1024;
    /** What kernels declare themselves. */
    private static final int DECLARED_SHARED_BYTES = 2048;

    private static final int WARP = 32;
    /** What the systems of some rows may take. Fixed: the size of a product shows in its last bits. */
    private static final long MOST_BYTES = 1L << 30;

    private final CudaDevice device;
    private final DeviceProducts products;
    private final Kernels kernels;

    DeviceRounding(CudaDevice device) {
        this.device = device;
        products = device.products();
        kernels = device.kernels("rounding.cu");
    }

    /** Whether weights of {@code k} columns are rounded here: a row's gradient has to fit the shared memory of a block of threads. */
    static boolean takes(CudaDevice device, int k) {
        return k >= LEAST_COLUMNS && (long) k * Float.BYTES + DECLARED_SHARED_BYTES <= device.sharedBytes();
    }

    @Override
    public void round(RoundingTask task, GridCodes codes) {
        try (DeviceArena memory = device.newArena()) {
            Grids grids = new Grids(memory, codes);
            compensate(task, grids);
            if (task.refit() || task.passes() > 0) {
                improve(memory, task, grids);
            }
            grids.download(codes);
        }
    }

    /** The codes in device memory. */
    private final class Grids {
        final int n;
        final int k;
        final int blockSize;
        final int blocks;
        final int largest;
        final long codes;
        final DeviceMatrix scales;
        final long zeroPoints;

        Grids(DeviceArena memory, GridCodes shape) {
            n = shape.n();
            k = shape.k();
            blockSize = shape.blockSize();
            blocks = shape.blocks();
            largest = shape.largest();
            codes = memory.bytes((long) n * k);
            scales = memory.matrix(n, blocks);
            zeroPoints = memory.bytes((long) n * blocks);
        }

        int width(int from) {
            return Math.min(blockSize, k - from);
        }

        /** Columns of the block whose first place in the order of rounding is {@code from}. */
        int width(RoundingTask task, int from) {
            return width(task.columns()[from] / blockSize * blockSize);
        }

        void download(GridCodes to) {
            device.download(codes, MemorySegment.ofArray(to.codes()));
            device.download(scales.address(), MemorySegment.ofArray(to.scales()));
            device.download(zeroPoints, MemorySegment.ofArray(to.zeroPoints()));
        }
    }

    private void compensate(RoundingTask task, Grids grids) {
        try (DeviceArena scratch = device.newArena()) {
            DeviceMatrix remaining = device.upload(scratch, task.arranged());
            DeviceMatrix upper = device.upload(scratch, task.upper());
            DeviceMatrix errors = scratch.matrix(grids.n, grids.blockSize);
            DeviceMatrix triangle = scratch.matrix(grids.blockSize, grids.blockSize);
            DeviceMatrix conditional = scratch.matrix(grids.blockSize, grids.blockSize);
            DeviceMatrix fractions = fractions(scratch, task.fractions());
            long columns = scratch.bytes((long) grids.k * Integer.BYTES);
            device.upload(MemorySegment.ofArray(task.columns()), columns);
            int number = 0;
            int chosen = 0;
            int width;
            for (int from = 0; from < grids.k; from += width) {
                if (from == chosen) {
                    do {
                        if (task.fractions().length > 0) {
                            float[] hessian = task.conditionals().get(number++);
                            device.upload(MemorySegment.ofArray(hessian), conditional.address());
                        }
                        chooseGrids(task, grids, remaining, conditional, fractions, chosen);
                        chosen += grids.width(task, chosen);
                    } while (chosen < grids.k && chosen - from < task.together());
                }
                width = grids.width(task, from);
                device.upload(MemorySegment.ofArray(triangle(task.upper(), from, width)), triangle.address());
                kernels.kernel("round_block")
                        .launch(
                                rowByColumn(grids, width),
                                remaining,
                                grids.k,
                                from,
                                width,
                                triangle,
                                columns + (long) from * Integer.BYTES,
                                task.columns()[from] / grids.blockSize,
                                grids.blocks,
                                grids.blockSize,
                                grids.largest,
                                grids.codes,
                                grids.scales,
                                grids.zeroPoints,
                                errors);
                int behind = from + width;
                if (behind < grids.k) {
                    products.times(
                            grids.n,
                            grids.k - behind,
                            width,
                            -1,
                            new Block(errors, 0, 0),
                            new Block(upper, from, behind),
                            1,
                            new Block(remaining, 0, behind));
                }
            }
        }
    }

    private void chooseGrids(
            RoundingTask task,
            Grids grids,
            DeviceMatrix remaining,
            DeviceMatrix conditional,
            DeviceMatrix fractions,
            int from) {
        int width = grids.width(task, from);
        kernels.kernel("choose_grids")
                .launch(
                        rowByColumn(grids, width),
                        remaining,
                        grids.k,
                        from,
                        width,
                        conditional,
                        fractions,
                        task.fractions().length,
                        task.columns()[from] / grids.blockSize,
                        grids.blocks,
                        grids.largest,
                        task.symmetric() ? 1 : 0,
                        grids.scales,
                        grids.zeroPoints);
    }

    private static Grid rowByColumn(Grids grids, int width) {
        return new Grid(grids.n, 1, Math.ceilDiv(width, WARP) * WARP, 0);
    }

    private DeviceMatrix fractions(DeviceArena scratch, float[][] fractions) {
        DeviceMatrix pairs = scratch.matrix(Math.max(1, fractions.length), 2);
        for (int i = 0; i < fractions.length; i++) {
            device.upload(MemorySegment.ofArray(fractions[i]), pairs.at(i, 0));
        }
        return pairs;
    }

    private static float[] triangle(Matrix upper, int from, int width) {
        float[] triangle = new float[width * width];
        for (int i = 0; i < width; i++) {
            for (int j = i; j < width; j++) {
                triangle[i * width + j] = upper.get(from + i, from + j);
            }
        }
        return triangle;
    }

    private void improve(DeviceArena memory, RoundingTask task, Grids grids) {
        DeviceMatrix target = device.upload(memory, task.target());
        DeviceMatrix hessian = device.upload(memory, task.hessian());
        DeviceMatrix gradients = memory.matrix(grids.n, grids.k);
        for (int round = 0; task.passes() > 0 && round < task.rounds(); round++) {
            if (task.refit()) {
                refit(target, hessian, gradients, grids);
            }
            gradients(target, hessian, gradients, grids);
            kernels.kernel("descend")
                    .launch(
                            Grid.rows(grids.n).withShared(grids.k * Float.BYTES),
                            grids.codes,
                            grids.scales,
                            grids.zeroPoints,
                            hessian,
                            gradients,
                            grids.k,
                            grids.blockSize,
                            grids.blocks,
                            grids.largest,
                            task.passes());
        }
        if (task.refit()) {
            refit(target, hessian, gradients, grids);
        }
    }

    /** {@code (target - w') H}. */
    private void gradients(DeviceMatrix target, DeviceMatrix hessian, DeviceMatrix gradients, Grids grids) {
        try (DeviceArena scratch = device.newArena()) {
            DeviceMatrix gaps = scratch.matrix(grids.n, grids.k);
            kernels.kernel("code_gaps")
                    .launch(
                            Grid.elements(gaps.elements()),
                            target,
                            grids.codes,
                            grids.scales,
                            grids.zeroPoints,
                            gaps,
                            grids.k,
                            grids.blockSize,
                            grids.blocks,
                            gaps.elements());
            products.times(gaps, hessian, gradients);
        }
    }

    /** Least squares for the scales of each row. */
    private void refit(DeviceMatrix target, DeviceMatrix hessian, DeviceMatrix gradients, Grids grids) {
        gradients(target, hessian, gradients, grids);
        try (DeviceArena scratch = device.newArena()) {
            DeviceMatrix steps = scratch.matrix(grids.n, grids.k);
            kernels.kernel("code_steps")
                    .launch(
                            Grid.elements(steps.elements()),
                            grids.codes,
                            grids.zeroPoints,
                            steps,
                            grids.k,
                            grids.blockSize,
                            grids.blocks,
                            steps.elements());
            long square = (long) grids.blocks * grids.blocks * Double.BYTES;
            int rows = Math.clamp(MOST_BYTES / square, 1, grids.n);
            long systems = scratch.bytes(rows * square);
            long right = scratch.bytes((long) rows * grids.blocks * Double.BYTES);
            DeviceMatrix product = scratch.matrix(rows, grids.k);
            for (int from = 0; from < grids.n; from += rows) {
                int count = Math.min(rows, grids.n - from);
                refit(hessian, gradients.rows(from, count), steps.rows(from, count), product, systems, right, grids);
                kernels.kernel("refit_scales")
                        .launch(
                                new Grid(count, 1, 2 * WARP, 0),
                                systems,
                                right,
                                grids.scales.rows(from, count),
                                grids.blocks,
                                RIDGE,
                                LEAST,
                                MOST);
            }
        }
    }

    /** The systems {@code A_gh = u_g H u_h'} for {@code h <= g}, and their right sides. */
    private void refit(
            DeviceMatrix hessian,
            DeviceMatrix gradients,
            DeviceMatrix steps,
            DeviceMatrix product,
            long systems,
            long right,
            Grids grids) {
        Kernel sums = kernels.kernel("block_sums");
        int rows = steps.rows();
        int blocks = grids.blocks;
        long stride = (long) blocks * blocks;
        for (int block = 0; block < blocks; block++) {
            int from = block * grids.blockSize;
            int width = grids.width(from);
            products.times(
                    rows,
                    from + width,
                    width,
                    1,
                    new Block(steps, 0, from),
                    new Block(hessian, from, 0),
                    0,
                    new Block(product, 0, 0));
            sums.launch(
                    Grid.elements((long) rows * (block + 1) * WARP),
                    product,
                    steps,
                    rows,
                    grids.k,
                    grids.blockSize,
                    block + 1,
                    systems + (long) block * blocks * Double.BYTES,
                    stride);
        }
        sums.launch(
                Grid.elements((long) rows * blocks * WARP),
                gradients,
                steps,
                rows,
                grids.k,
                grids.blockSize,
                blocks,
                right,
                (long) blocks);
    }
}
