package dev.fewbit.quantizer.training;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.Exponential;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerNorm;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.forward.RotaryPositions;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Windows that the 16-bit model writes itself: each begins with the first tokens of a calibration window and goes on with tokens drawn
 * from the model's distribution, at temperature 1. Training on a few calibration windows again and again fits them and nothing else;
 * what the model writes is new text of the kind it knows, as much as is wanted.
 *
 * <p>Windows are written in groups of fixed size, a token for each at a time, groups in parallel; keys and values of a group's tokens are
 * kept, {@code [windows * kvHeads * length, headDim]} a layer. A window follows from the seed and its number alone.
 *
 * @see <a href="https://arxiv.org/abs/2305.17888">Liu et al. 2023 (LLM-QAT)</a> for training on text that the model generates
 */
final class WrittenWindows {
    /** Windows of a group. Fixed: the size of a product shows in its last bits. */
    private static final int GROUP = 32;

    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final List<LayerWeights> weights;
    private final DecoderHead head;
    private final DecoderLayer layer;
    private final RotaryPositions positions;
    private final int length;
    private final float scale;

    /**
     * Takes the 16-bit model.
     *
     * @param length of a window
     */
    WrittenWindows(Checkpoint checkpoint, List<LayerWeights> weights, DecoderHead head, int length) {
        this.checkpoint = checkpoint;
        config = checkpoint.config();
        this.weights = weights;
        this.head = head;
        this.length = length;
        layer = new DecoderLayer(config, length);
        positions = new RotaryPositions(config, length);
        scale = (float) (1 / Math.sqrt(config.headDim()));
    }

    /**
     * Writes windows.
     *
     * @param prompts of which each window takes one at random
     * @param prefix tokens of it that are kept, at least 1
     * @return {@code [count, length]}
     */
    int[][] write(int count, int[][] prompts, int prefix, long seed) {
        int[][] windows = new int[count][length];
        IntStream.range(0, Math.ceilDiv(count, GROUP)).parallel().forEach(group -> {
            int first = group * GROUP;
            int size = Math.min(GROUP, count - first);
            List<SplittableRandom> randoms = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                SplittableRandom random = new SplittableRandom(seed + first + i);
                System.arraycopy(prompts[random.nextInt(prompts.length)], 0, windows[first + i], 0, prefix);
                randoms.add(random);
            }
            try (Arena arena = Arena.ofConfined()) {
                new Group(arena, Arrays.copyOfRange(windows, first, first + size)).write(prefix, randoms);
            }
        });
        return windows;
    }

    /** Windows that are written together. */
    private final class Group {
        private final int[][] ids;
        private final int size;
        private final List<Matrix> keys = new ArrayList<>();
        private final List<Matrix> values = new ArrayList<>();
        private final Matrix h;
        private final Matrix q;
        private final Matrix k;
        private final Matrix v;
        private final Matrix attended;
        private final Matrix gate;
        private final Matrix up;
        private final Matrix logits;
        private final Matrix scores;

        Group(Arena arena, int[][] ids) {
            this.ids = ids;
            size = ids.length;
            int keyRows = size * config.kvHeads() * length;
            for (int i = 0; i < weights.size(); i++) {
                keys.add(Matrix.allocate(arena, keyRows, config.headDim()));
                values.add(Matrix.allocate(arena, keyRows, config.headDim()));
            }
            h = Matrix.allocate(arena, size, config.hiddenSize());
            q = Matrix.allocate(arena, size, config.heads() * config.headDim());
            k = Matrix.allocate(arena, size, config.kvHeads() * config.headDim());
            v = Matrix.allocate(arena, size, config.kvHeads() * config.headDim());
            attended = Matrix.allocate(arena, size, config.heads() * config.headDim());
            gate = Matrix.allocate(arena, size, config.intermediateSize());
            up = Matrix.allocate(arena, size, config.intermediateSize());
            logits = Matrix.allocate(arena, size, head.weight().rows());
            scores = Matrix.allocate(arena, config.heads() / config.kvHeads(), length);
        }

        void write(int prefix, List<SplittableRandom> randoms) {
            for (int position = 0; position < length - 1; position++) {
                int now = position;
                int[] tokens =
                        Arrays.stream(ids).mapToInt(window -> window[now]).toArray();
                try (Arena arena = Arena.ofConfined()) {
                    Matrix x = DecoderForward.embed(arena, checkpoint, tokens);
                    for (int i = 0; i < weights.size(); i++) {
                        step(i, x, position);
                    }
                    if (position + 1 >= prefix) {
                        head.norm(x, h);
                        Products.linear(h, head.weight(), logits, 0);
                        for (int i = 0; i < size; i++) {
                            ids[i][position + 1] = draw(logits.row(i), randoms.get(i));
                        }
                    }
                }
            }
        }

        private void step(int i, Matrix x, int position) {
            LayerWeights now = weights.get(i);
            layer.norm(x, now.norm(LayerNorm.INPUT), h);
            Products.linear(h, now.linear(LayerLinear.QUERY), q, 0);
            Products.linear(h, now.linear(LayerLinear.KEY), k, 0);
            Products.linear(h, now.linear(LayerLinear.VALUE), v, 0);
            positions.rotateAt(q, config.heads(), position);
            positions.rotateAt(k, config.kvHeads(), position);
            keep(k, keys.get(i), position);
            keep(v, values.get(i), position);
            attend(keys.get(i), values.get(i), position + 1);
            Products.linear(attended, now.linear(LayerLinear.ATTENTION_OUTPUT), x, 1);
            layer.norm(x, now.norm(LayerNorm.MIDDLE), h);
            Products.linear(h, now.linear(LayerLinear.GATE), gate, 0);
            Products.linear(h, now.linear(LayerLinear.UP), up, 0);
            SwiGluGradient.forward(gate, up, gate);
            Products.linear(gate, now.linear(LayerLinear.DOWN), x, 1);
        }

        /** Puts a row a head at the position. */
        private void keep(Matrix from, Matrix to, int position) {
            long bytes = (long) config.headDim() * Float.BYTES;
            for (int part = 0; part < size * config.kvHeads(); part++) {
                MemorySegment.copy(
                        from.data(), part * bytes, to.data(), ((long) part * length + position) * bytes, bytes);
            }
        }

        private void attend(Matrix allKeys, Matrix allValues, int seen) {
            int dim = config.headDim();
            int group = config.heads() / config.kvHeads();
            // The query heads of a group lie one behind the other: as rows of their own they make one product.
            Matrix queries = new Matrix(q.data(), size * config.heads(), dim);
            Matrix outputs = new Matrix(attended.data(), size * config.heads(), dim);
            Block weighted = new Block(scores, 0, 0);
            for (int part = 0; part < size * config.kvHeads(); part++) {
                Block own = new Block(queries, part * group, 0);
                Products.timesTransposed(group, seen, dim, scale, own, new Block(allKeys, part * length, 0), weighted);
                for (int i = 0; i < group; i++) {
                    DecoderLayer.softmax(scores.rows(i, 1), seen - 1, 1, seen);
                }
                Block output = new Block(outputs, part * group, 0);
                Products.times(group, dim, seen, 1, weighted, new Block(allValues, part * length, 0), 0, output);
            }
        }
    }

    /** A token of the distribution behind {@code logits}, which are overwritten. */
    static int draw(float[] logits, SplittableRandom random) {
        float largest = Exponential.largest(logits, logits.length);
        Exponential.ofDifferences(logits, logits.length, largest);
        double sum = 0;
        for (float weight : logits) {
            sum += weight;
        }
        double left = random.nextDouble() * sum;
        for (int token = 0; token < logits.length; token++) {
            left -= logits[token];
            if (left < 0) {
                return token;
            }
        }
        return logits.length - 1;
    }
}
