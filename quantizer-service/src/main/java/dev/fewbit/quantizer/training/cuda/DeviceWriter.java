package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.cuda.CudaDevice;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceLayer;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.cuda.DeviceProducts;
import dev.fewbit.quantizer.cuda.Rotary;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Windows that the 16-bit model writes, on the device: as many together as 4 GiB of keys and values allow, a token for each at a time.
 * Prompts and uniform numbers of a window come from the same generator in the same order as on the processor; the host sees the tokens
 * when all are written.
 */
final class DeviceWriter {
    /** Bytes of keys and values. Fixed: the size of a product may show in its last bits, and so in what is drawn. */
    private static final long MOST_KEPT = 4L << 30;

    private final TrainingKernels kernels;
    private final CudaDevice device;
    private final DeviceProducts products;
    private final ModelConfig config;
    private final List<DeviceLayer> weights;
    private final DeviceHead head;
    private final int length;

    /** @param length of a window */
    DeviceWriter(TrainingKernels kernels, ModelConfig config, List<DeviceLayer> weights, DeviceHead head, int length) {
        this.kernels = kernels;
        device = kernels.device();
        products = device.products();
        this.config = config;
        this.weights = weights;
        this.head = head;
        this.length = length;
    }

    /** As {@link dev.fewbit.quantizer.training.DecoderTraining#write}. */
    int[][] write(int count, int[][] prompts, int prefix, long seed) {
        long kept = 2L * config.layers() * config.kvHeads() * config.headDim() * length * Float.BYTES;
        int together = Math.clamp(MOST_KEPT / kept, 1, count);
        int[][] windows = new int[count][];
        for (int first = 0; first < count; first += together) {
            int size = Math.min(together, count - first);
            try (DeviceArena arena = device.newArena()) {
                int[] ids = new Group(arena, size).write(prompts, prefix, seed + first);
                for (int i = 0; i < size; i++) {
                    windows[first + i] = Arrays.copyOfRange(ids, i * length, (i + 1) * length);
                }
            }
        }
        return windows;
    }

    /** Windows that are written together. */
    private final class Group {
        private final int size;
        private final Rotary rotary;
        private final List<DeviceMatrix> keys = new ArrayList<>();
        private final List<DeviceMatrix> values = new ArrayList<>();
        private final DeviceMatrix x;
        private final DeviceMatrix h;
        private final DeviceMatrix q;
        private final DeviceMatrix k;
        private final DeviceMatrix v;
        private final DeviceMatrix attended;
        private final DeviceMatrix gate;
        private final DeviceMatrix up;
        private final DeviceMatrix logits;
        private final DeviceMatrix scores;
        private final long ids;
        private final long uniforms;

        Group(DeviceArena arena, int size) {
            this.size = size;
            rotary = Rotary.of(arena, config, length);
            int heads = config.heads() * config.headDim();
            int keyWidth = config.kvHeads() * config.headDim();
            for (int i = 0; i < weights.size(); i++) {
                keys.add(arena.matrix(size * config.kvHeads() * length, config.headDim()));
                values.add(arena.matrix(size * config.kvHeads() * length, config.headDim()));
            }
            x = arena.matrix(size, config.hiddenSize());
            h = arena.matrix(size, config.hiddenSize());
            q = arena.matrix(size, heads);
            k = arena.matrix(size, keyWidth);
            v = arena.matrix(size, keyWidth);
            attended = arena.matrix(size, heads);
            gate = arena.matrix(size, config.intermediateSize());
            up = arena.matrix(size, config.intermediateSize());
            logits = arena.matrix(size, head.vocabulary());
            scores = arena.matrix(size * config.heads(), length);
            ids = arena.bytes((long) size * length * Integer.BYTES);
            uniforms = arena.bytes((long) size * length * Double.BYTES);
        }

        int[] write(int[][] prompts, int prefix, long firstSeed) {
            draw(prompts, prefix, firstSeed);
            for (int position = 0; position < length - 1; position++) {
                kernels.embedPosition(head.embedding(), ids, x, position, length);
                for (int i = 0; i < weights.size(); i++) {
                    step(weights.get(i), keys.get(i), values.get(i), position);
                }
                if (position + 1 >= prefix) {
                    head.norm(x, h);
                    head.logits(h, logits);
                    kernels.draw(logits, uniforms, ids, position, length);
                }
            }
            try (Arena host = Arena.ofConfined()) {
                MemorySegment written = host.allocate(ValueLayout.JAVA_INT, (long) size * length);
                device.download(ids, written);
                return written.toArray(ValueLayout.JAVA_INT);
            }
        }

        /** Prompts, and a uniform number for each position whose next token is drawn. */
        private void draw(int[][] prompts, int prefix, long firstSeed) {
            try (Arena host = Arena.ofConfined()) {
                MemorySegment tokens = host.allocate(ValueLayout.JAVA_INT, (long) size * length);
                MemorySegment numbers = host.allocate(ValueLayout.JAVA_DOUBLE, (long) size * length);
                for (int i = 0; i < size; i++) {
                    SplittableRandom random = new SplittableRandom(firstSeed + i);
                    int[] prompt = prompts[random.nextInt(prompts.length)];
                    long row = (long) i * length;
                    for (int position = 0; position < prefix; position++) {
                        tokens.setAtIndex(ValueLayout.JAVA_INT, row + position, prompt[position]);
                    }
                    for (int position = prefix - 1; position < length - 1; position++) {
                        numbers.setAtIndex(ValueLayout.JAVA_DOUBLE, row + position, random.nextDouble());
                    }
                }
                device.upload(tokens, ids);
                device.upload(numbers, uniforms);
            }
        }

        private void step(DeviceLayer now, DeviceMatrix allKeys, DeviceMatrix allValues, int position) {
            int dim = config.headDim();
            double epsilon = config.rmsNormEps();
            kernels.norm(x, now.norm(LayerNorm.INPUT), h, epsilon);
            products.linear(h, now.linear(LayerLinear.QUERY), q, 0);
            products.linear(h, now.linear(LayerLinear.KEY), k, 0);
            products.linear(h, now.linear(LayerLinear.VALUE), v, 0);
            kernels.turnAt(q, rotary, position);
            kernels.turnAt(k, rotary, position);
            kernels.keepAt(k, allKeys, position, length, dim);
            kernels.keepAt(v, allValues, position, length, dim);
            int group = config.heads() / config.kvHeads();
            kernels.attendOne(q, allKeys, allValues, scores, attended, position + 1, group, dim);
            products.linear(attended, now.linear(LayerLinear.ATTENTION_OUTPUT), x, 1);
            kernels.norm(x, now.norm(LayerNorm.MIDDLE), h, epsilon);
            products.linear(h, now.linear(LayerLinear.GATE), gate, 0);
            products.linear(h, now.linear(LayerLinear.UP), up, 0);
            kernels.swiGlu(gate, up, gate);
            products.linear(gate, now.linear(LayerLinear.DOWN), x, 1);
        }
    }
}
