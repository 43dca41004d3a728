package dev.fewbit.quantizer.forward;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The parts of a Llama decoder layer over sequences that begin at position 0. All of it runs on the calling thread.
 *
 * <pre>
 * h = norm(x);  y = attention(h);  x += y Wo';  h = norm(x);  y = silu(h Wgate') * (h Wup');  x += y Wdown'
 * </pre>
 *
 * @see <a href="https://arxiv.org/abs/2302.13971">Touvron et al. 2023</a> for the layer, <a href="https://arxiv.org/abs/2104.09864">Su et
 *     al. 2021</a> for rotary positions, <a href="https://arxiv.org/abs/2305.13245">Ainslie et al. 2023</a> for grouped queries
 */
public final class DecoderLayer {
    /** Queries whose scores are computed at a time. Fixed: the size of a product shows in its last bits. */
    private static final int QUERIES = 128;

    private final ModelConfig config;
    private final RotaryPositions positions;

    /** @param length of the longest sequence */
    public DecoderLayer(ModelConfig config, int length) {
        this.config = config;
        positions = new RotaryPositions(config, length);
    }

    /** The normed input of attention's first linears: {@code [tokens, hidden]} to the same. */
    public void attentionInput(LayerWeights weights, Matrix x, Matrix output) {
        norm(x, weights.norm(LayerNorm.INPUT), output);
    }

    /** The normed input of the MLP: {@code [tokens, hidden]} to the same. */
    public void mlpInput(LayerWeights weights, Matrix x, Matrix output) {
        norm(x, weights.norm(LayerNorm.MIDDLE), output);
    }

    /** {@code x_i g_i / sqrt(mean(x^2) + epsilon)}. */
    public void norm(Matrix x, float[] gain, Matrix output) {
        for (int token = 0; token < x.rows(); token++) {
            float[] row = x.row(token);
            double squares = 0;
            for (float value : row) {
                squares += (double) value * value;
            }
            float factor = (float) (1 / Math.sqrt(squares / row.length + config.rmsNormEps()));
            for (int i = 0; i < row.length; i++) {
                row[i] = row[i] * factor * gain[i];
            }
            output.setRow(token, row);
        }
    }

    /**
     * Causal attention over one sequence, before its last linear.
     *
     * @param h {@code [tokens, hidden]}, normed
     * @param output {@code [tokens, heads * headDim]}
     */
    public void attention(LayerWeights weights, Matrix h, Matrix output) {
        attention(weights, h, new int[] {h.rows()}, output);
    }

    private void attention(LayerWeights weights, Matrix h, int[] lengths, Matrix output) {
        try (Arena arena = Arena.ofConfined()) {
            Matrix q = product(arena, h, weights.linear(LayerLinear.QUERY));
            Matrix k = product(arena, h, weights.linear(LayerLinear.KEY));
            Matrix v = product(arena, h, weights.linear(LayerLinear.VALUE));
            int longest = IntStream.of(lengths).max().orElse(0);
            Matrix scores = Matrix.allocate(arena, Math.min(QUERIES, longest), longest);
            int from = 0;
            for (int tokens : lengths) {
                Matrix queries = q.rows(from, tokens);
                Matrix keys = k.rows(from, tokens);
                positions.rotate(queries, config.heads());
                positions.rotate(keys, config.kvHeads());
                attend(queries, keys, v.rows(from, tokens), scores, output.rows(from, tokens));
                from += tokens;
            }
        }
    }

    /** One sequence: {@code softmax(q k' / sqrt(dim)) v} for each head. */
    private void attend(Matrix q, Matrix k, Matrix v, Matrix scores, Matrix output) {
        int tokens = q.rows();
        int dim = config.headDim();
        int group = config.heads() / config.kvHeads();
        float scale = (float) (1 / Math.sqrt(dim));
        Block weighted = new Block(scores, 0, 0);
        for (int from = 0; from < tokens; from += QUERIES) {
            int count = Math.min(QUERIES, tokens - from);
            // What lies behind the last of these queries has no weight for any of them.
            int seen = from + count;
            for (int head = 0; head < config.heads(); head++) {
                int shared = head / group * dim;
                Block query = new Block(q, from, head * dim);
                Products.timesTransposed(count, seen, dim, scale, query, new Block(k, 0, shared), weighted);
                softmax(scores, from, count, seen);
                Block attended = new Block(output, from, head * dim);
                Products.times(count, dim, seen, 1, weighted, new Block(v, 0, shared), 0, attended);
            }
        }
    }

    /**
     * {@code silu(h gate') * (h up')}.
     *
     * @param h {@code [tokens, hidden]}, normed
     * @param output {@code [tokens, intermediate]}
     */
    public void inner(LayerWeights weights, Matrix h, Matrix output) {
        try (Arena arena = Arena.ofConfined()) {
            Matrix gate = product(arena, h, weights.linear(LayerLinear.GATE));
            Matrix up = product(arena, h, weights.linear(LayerLinear.UP));
            for (int token = 0; token < h.rows(); token++) {
                float[] g = gate.row(token);
                float[] u = up.row(token);
                float[] e = new float[g.length];
                for (int i = 0; i < g.length; i++) {
                    e[i] = -g[i];
                }
                Exponential.ofDifferences(e, e.length, 0);
                for (int i = 0; i < g.length; i++) {
                    g[i] = g[i] / (1 + e[i]) * u[i];
                }
                output.setRow(token, g);
            }
        }
    }

    /**
     * The whole layer: {@code x [tokens, hidden]} becomes what the next one reads.
     *
     * @param lengths tokens of each of the sequences in {@code x}
     */
    public void apply(LayerWeights weights, Matrix x, int... lengths) {
        try (Arena arena = Arena.ofConfined()) {
            Matrix h = Matrix.allocate(arena, x.rows(), x.columns());
            attentionInput(weights, x, h);
            Matrix attended = Matrix.allocate(arena, x.rows(), config.heads() * config.headDim());
            attention(weights, h, lengths, attended);
            Products.linear(attended, weights.linear(LayerLinear.ATTENTION_OUTPUT), x, 1);
            mlpInput(weights, x, h);
            Matrix inner = Matrix.allocate(arena, x.rows(), config.intermediateSize());
            inner(weights, h, inner);
            Products.linear(inner, weights.linear(LayerLinear.DOWN), x, 1);
        }
    }

    private static Matrix product(Arena arena, Matrix input, Matrix weight) {
        Matrix output = Matrix.allocate(arena, input.rows(), weight.rows());
        Products.linear(input, weight, output, 0);
        return output;
    }

    /**
     * Over each row up to its own position; what lies behind it becomes 0.
     *
     * @param from position of the first row
     * @param count rows
     * @param seen columns in use
     */
    public static void softmax(Matrix scores, int from, int count, int seen) {
        float[] row = new float[seen];
        for (int i = 0; i < count; i++) {
            int own = from + i + 1;
            long at = (long) i * scores.columns() * Float.BYTES;
            MemorySegment.copy(scores.data(), ValueLayout.JAVA_FLOAT, at, row, 0, own);
            float largest = Exponential.largest(row, own);
            Exponential.ofDifferences(row, own, largest);
            double sum = 0;
            for (int j = 0; j < own; j++) {
                sum += row[j];
            }
            float factor = (float) (1 / sum);
            for (int j = 0; j < own; j++) {
                row[j] *= factor;
            }
            Arrays.fill(row, own, seen, 0);
            MemorySegment.copy(row, 0, scores.data(), ValueLayout.JAVA_FLOAT, at, seen);
        }
    }
}
