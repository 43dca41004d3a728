package dev.fewbit.quantizer.forward;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.AttentionSpec;
import dev.fewbit.model.decoder.LayerSpec;
import dev.fewbit.model.decoder.MlpSpec;
import dev.fewbit.model.decoder.NormSpec;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The parts of a decoder layer over sequences that begin at position 0, as its {@link LayerSpec} has them. All of it runs on the calling
 * thread. Of plain Llama:
 *
 * <pre>
 * h = norm(x);  y = attention(h);  x += y Wo';  h = norm(x);  y = silu(h Wgate') * (h Wup');  x += y Wdown'
 * </pre>
 *
 * @see <a href="https://arxiv.org/abs/2302.13971">Touvron et al. 2023</a> for the layer, <a href="https://arxiv.org/abs/2104.09864">Su et
 *     al. 2021</a> for rotary positions, <a href="https://arxiv.org/abs/2305.13245">Ainslie et al. 2023</a> for grouped queries, <a
 *     href="https://arxiv.org/abs/2408.00118">Gemma Team 2024</a> for soft caps and norms behind attention and MLP
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
        norm(weights, LayerNorm.INPUT, x, output);
    }

    /** The normed input of the MLP: {@code [tokens, hidden]} to the same. */
    public void mlpInput(LayerWeights weights, Matrix x, Matrix output) {
        norm(weights, LayerNorm.MIDDLE, x, output);
    }

    private static void norm(LayerWeights weights, LayerNorm norm, Matrix x, Matrix output) {
        NormSpec spec = norm.in(weights.spec());
        Norms.apply(spec, weights.norm(norm), spec.bias().map(weights::vector).orElse(null), x, output);
    }

    /** The decoder's last norm, one without a bias: {@code x_i g_i / sqrt(mean(x^2) + epsilon)} where it is of root mean squares. */
    public void norm(Matrix x, float[] gain, Matrix output) {
        Norms.apply(config.decoder().lastNorm(), gain, null, x, output);
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
        AttentionSpec attention = weights.spec().attention();
        try (Arena arena = Arena.ofConfined()) {
            Matrix q = product(arena, h, weights, LayerLinear.QUERY);
            Matrix k = product(arena, h, weights, LayerLinear.KEY);
            Matrix v = product(arena, h, weights, LayerLinear.VALUE);
            attention.queryNorm().ifPresent(norm -> Norms.apply(norm, weights.vector(norm.weight()), null, q, q));
            attention.keyNorm().ifPresent(norm -> Norms.apply(norm, weights.vector(norm.weight()), null, k, k));
            int longest = IntStream.of(lengths).max().orElse(0);
            Matrix scores = Matrix.allocate(arena, Math.min(QUERIES, longest), longest);
            int from = 0;
            for (int tokens : lengths) {
                Matrix queries = q.rows(from, tokens);
                Matrix keys = k.rows(from, tokens);
                positions.rotate(queries, attention.heads());
                positions.rotate(keys, attention.kvHeads());
                attend(attention, queries, keys, v.rows(from, tokens), scores, output.rows(from, tokens));
                from += tokens;
            }
        }
    }

    /** One sequence: {@code softmax(scale q k') v} for each head. */
    private static void attend(AttentionSpec attention, Matrix q, Matrix k, Matrix v, Matrix scores, Matrix output) {
        int tokens = q.rows();
        int dim = attention.headDim();
        int group = attention.heads() / attention.kvHeads();
        float scale = (float) attention.scale();
        int window = attention.window().orElse(Integer.MAX_VALUE);
        Block weighted = new Block(scores, 0, 0);
        for (int from = 0; from < tokens; from += QUERIES) {
            int count = Math.min(QUERIES, tokens - from);
            // What lies behind the last of these queries has no weight for any of them.
            int seen = from + count;
            for (int head = 0; head < attention.heads(); head++) {
                int shared = head / group * dim;
                Block query = new Block(q, from, head * dim);
                Products.timesTransposed(count, seen, dim, scale, query, new Block(k, 0, shared), weighted);
                if (attention.softCap().isPresent()) {
                    Activations.cap(scores, count, seen, attention.softCap().getAsDouble());
                }
                softmax(scores, from, count, seen, window);
                Block attended = new Block(output, from, head * dim);
                Products.times(count, dim, seen, 1, weighted, new Block(v, 0, shared), 0, attended);
            }
        }
    }

    /**
     * What stands in front of the MLP's last linear: {@code silu(h gate') * (h up')} in plain Llama.
     *
     * @param h {@code [tokens, hidden]}, normed
     * @param output {@code [tokens, intermediate]}
     */
    public void inner(LayerWeights weights, Matrix h, Matrix output) {
        MlpSpec mlp = weights.spec().mlp();
        try (Arena arena = Arena.ofConfined()) {
            Matrix up = product(arena, h, weights, LayerLinear.UP);
            Matrix active = mlp.gate().isPresent() ? product(arena, h, weights, LayerLinear.GATE) : up;
            for (int token = 0; token < h.rows(); token++) {
                float[] row = active.row(token);
                Activations.apply(mlp.activation(), row, active == up ? null : up.row(token));
                output.setRow(token, row);
            }
        }
    }

    /**
     * Adds what a linear makes of {@code read} to the residual stream, behind the norm and the multiplier that stand there.
     *
     * @param linear {@link LayerLinear#ATTENTION_OUTPUT} or {@link LayerLinear#DOWN}
     * @param read {@code [tokens, k]}
     * @param x {@code [tokens, hidden]}
     */
    public void add(LayerWeights weights, LayerLinear linear, Matrix read, Matrix x) {
        LayerSpec spec = weights.spec();
        Optional<NormSpec> norm =
                linear == LayerLinear.ATTENTION_OUTPUT ? spec.attentionOutputNorm() : spec.mlpOutputNorm();
        if (norm.isEmpty()
                && spec.residualMultiplier() == 1
                && linear.in(spec).bias().isEmpty()) {
            Products.linear(read, weights.linear(linear), x, 1);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            Matrix output = product(arena, read, weights, linear);
            norm.ifPresent(n -> Norms.apply(
                    n, weights.vector(n.weight()), n.bias().map(weights::vector).orElse(null), output, output));
            float multiplier = (float) spec.residualMultiplier();
            for (int token = 0; token < x.rows(); token++) {
                float[] row = x.row(token);
                float[] added = output.row(token);
                for (int i = 0; i < row.length; i++) {
                    row[i] += multiplier * added[i];
                }
                x.setRow(token, row);
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
            add(weights, LayerLinear.ATTENTION_OUTPUT, attended, x);
            mlpInput(weights, x, h);
            Matrix inner = Matrix.allocate(arena, x.rows(), config.intermediateSize());
            inner(weights, h, inner);
            add(weights, LayerLinear.DOWN, inner, x);
        }
    }

    private static Matrix product(Arena arena, Matrix input, LayerWeights weights, LayerLinear linear) {
        Matrix weight = weights.linear(linear);
        Matrix output = Matrix.allocate(arena, input.rows(), weight.rows());
        Products.linear(input, weight, output, 0);
        linear.in(weights.spec()).bias().map(weights::vector).ifPresent(bias -> addToRows(output, bias));
        return output;
    }

    private static void addToRows(Matrix output, float[] bias) {
        for (int token = 0; token < output.rows(); token++) {
            float[] row = output.row(token);
            for (int i = 0; i < row.length; i++) {
                row[i] += bias[i];
            }
            output.setRow(token, row);
        }
    }

    /**
     * Over each row up to its own position; what lies behind it becomes 0.
     *
     * @param from position of the first row
     * @param count rows
     * @param seen columns in use
     */
    public static void softmax(Matrix scores, int from, int count, int seen) {
        softmax(scores, from, count, seen, Integer.MAX_VALUE);
    }

    /** As without a window; what lies before the last {@code window} positions up to its own becomes 0 too. */
    static void softmax(Matrix scores, int from, int count, int seen, int window) {
        float[] row = new float[seen];
        for (int i = 0; i < count; i++) {
            int own = from + i + 1;
            int first = Math.max(0, own - window);
            int inside = own - first;
            scores.copyRow(i, first, row, inside);
            float largest = Exponential.largest(row, inside);
            Exponential.ofDifferences(row, inside, largest);
            double sum = 0;
            for (int j = 0; j < inside; j++) {
                sum += row[j];
            }
            float factor = (float) (1 / sum);
            for (int j = 0; j < inside; j++) {
                row[j] *= factor;
            }
            System.arraycopy(row, 0, row, first, inside);
            Arrays.fill(row, 0, first, 0);
            Arrays.fill(row, own, seen, 0);
            scores.setRow(i, row, seen);
        }
    }
}
