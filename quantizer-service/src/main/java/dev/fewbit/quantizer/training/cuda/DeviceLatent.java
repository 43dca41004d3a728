package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.training.Adam;
import dev.fewbit.quantizer.training.LatentStart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * A linear {@code [n, k]} in training, in device memory: latent codes {@code u}, the logarithms {@code l} of factors of its scales, their
 * moments, the gradient of {@code w'} and {@code w'}: 20 bytes a weight. The rules are those of the processor's latent linear; rounding,
 * Adam and the next {@code w'} are one kernel.
 */
final class DeviceLatent {
    private final TrainingKernels kernels;
    private final CudaDevice device;
    private final LatentStart start;
    private final int n;
    private final int k;
    private final int blocks;
    private final long count;
    private final long startScales;
    private final long zeroPoints;
    private final DeviceMatrix latent;
    private final DeviceMatrix mean;
    private final DeviceMatrix square;
    private final DeviceMatrix gradient;
    private final DeviceMatrix restored;
    /** {@code [3, n * blocks]}: {@code l} and its two moments. */
    private final DeviceMatrix logScales;
    /** Codes or scales on their way to the host: a byte a weight. */
    private final long packing;

    /** Begins at {@code weight}, exactly; {@link #restore} comes first. */
    DeviceLatent(DeviceArena arena, TrainingKernels kernels, BlockQuantizedWeight weight) {
        this.kernels = kernels;
        device = kernels.device();
        start = LatentStart.of(weight);
        n = weight.n();
        k = weight.k();
        blocks = weight.blocks();
        count = (long) n * blocks;
        startScales = bytes(arena, MemorySegment.ofArray(start.scales()));
        zeroPoints = bytes(arena, MemorySegment.ofArray(start.zeroPoints()));
        packing = bytes(arena, MemorySegment.ofArray(start.codes()));
        latent = arena.matrix(n, k);
        mean = arena.zeros(n, k);
        square = arena.zeros(n, k);
        gradient = arena.matrix(n, k);
        restored = arena.matrix(n, k);
        logScales = arena.zeros(3, Math.toIntExact(count));
        kernels.elements("latent_begin", latent.elements(), packing, latent, latent.elements());
    }

    /** {@code w'} after the last {@link #restore} or {@link #step}. */
    DeviceMatrix restored() {
        return restored;
    }

    /** Where the gradient of {@code w'} is summed up. */
    DeviceMatrix gradient() {
        return gradient;
    }

    /** Computes {@code w'}. */
    void restore() {
        kernels.blocks(
                "latent_restore",
                count,
                latent,
                logScales,
                startScales,
                zeroPoints,
                restored,
                count,
                k,
                blocks,
                start.weight().blockSize(),
                start.largest());
    }

    /** Moves against the gradient, and computes {@code w'}. */
    void step(Adam.Step adam, double codeRate, double scaleRate) {
        kernels.blocks(
                "latent_step",
                count,
                gradient,
                latent,
                mean,
                square,
                logScales,
                startScales,
                zeroPoints,
                restored,
                count,
                k,
                blocks,
                start.weight().blockSize(),
                start.largest(),
                LatentStart.INSIDE,
                LatentStart.WIDEST,
                adam.beta1(),
                adam.beta2(),
                adam.meanFactor(),
                adam.squareFactor(),
                adam.epsilon(),
                codeRate,
                scaleRate);
    }

    /** What would be stored now. */
    BlockQuantizedWeight packed() {
        try (Arena host = Arena.ofConfined()) {
            kernels.elements("latent_codes", latent.elements(), latent, packing, latent.elements(), start.largest());
            byte[] codes = download(host, latent.elements());
            kernels.elements("latent_scales", count, logScales, startScales, packing, count);
            byte[] halves = download(host, count * Short.BYTES);
            return start.packed(codes, MemorySegment.ofArray(halves));
        }
    }

    private byte[] download(Arena host, long size) {
        MemorySegment copy = host.allocate(size);
        device.download(packing, copy);
        return copy.toArray(ValueLayout.JAVA_BYTE);
    }

    /** All that changes while training goes on, copied. */
    List<MemorySegment> state(Arena host) {
        List<MemorySegment> parts = new ArrayList<>();
        for (DeviceMatrix part : parts()) {
            MemorySegment copy = host.allocate(part.elements() * Float.BYTES, Float.BYTES);
            device.download(part.address(), copy);
            parts.add(copy);
        }
        return parts;
    }

    /** Takes up what {@link #state} gave. */
    void goOn(LongFunction<MemorySegment> next) {
        for (DeviceMatrix part : parts()) {
            device.upload(next.apply(part.elements() * Float.BYTES), part.address());
        }
    }

    private List<DeviceMatrix> parts() {
        return List.of(latent, mean, square, logScales);
    }

    private long bytes(DeviceArena arena, MemorySegment from) {
        // Scales on their way to the host need two bytes a block, which are more than one a weight in blocks of one.
        long address = arena.bytes(Math.max(from.byteSize(), count * Short.BYTES));
        device.upload(from, address);
        return address;
    }
}
