package dev.fewbit.quantizer.forward;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.matrix.Products.Block;
import java.lang.foreign.Arena;

/**
 * The parts of a Llama decoder layer over one sequence that begins at position 0. All of it runs on the calling thread.
 *
 * <pre>
 * h = norm(x);  y = attention(h);  x += y Wo';  h = norm(x);  y = silu(h Wgate') * (h Wup');  x += y Wdown'
 * </pre>
 *
 * @see <a href="https://arxiv.org/abs/2302.13971">Touvron et al. 2023</a> for the layer, <a href="https://arxiv.org/abs/2104.09864">Su et
 *     al. 2021</a> for rotary positions, <a href="https://arxiv.org/abs/2305.13245">Ainslie et al. 2023</a> for grouped queries
 */
public final class DecoderLayer {
    private final ModelConfig config;
    /** {@code [length, headDim / 2]}. */
    private final float[][] cos;

    private final float[][] sin;

    /** @param length of the longest sequence */
    public DecoderLayer(ModelConfig config, int length) {
        this.config = config;
        int half = config.headDim() / 2;
        cos = new float[length][half];
        sin = new float[length][half];
        for (int i = 0; i < half; i++) {
            // As the graph computes it: frequencies and angles are rounded to fp32.
            float frequency = (float) (1 / StrictMath.pow(config.ropeTheta(), 2.0 * i / config.headDim()));
            for (int position = 0; position < length; position++) {
                float angle = position * frequency;
                cos[position][i] = (float) StrictMath.cos(angle);
                sin[position][i] = (float) StrictMath.sin(angle);
            }
        }
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
    void norm(Matrix x, float[] gain, Matrix output) {
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
     * Causal attention, before its last linear.
     *
     * @param h {@code [tokens, hidden]}, normed
     * @param output {@code [tokens, heads * headDim]}
     */
    public void attention(LayerWeights weights, Matrix h, Matrix output) {
        int tokens = h.rows();
        int dim = config.headDim();
        int group = config.heads() / config.kvHeads();
        try (Arena arena = Arena.ofConfined()) {
            Matrix q = product(arena, h, weights.linear(LayerLinear.QUERY));
            Matrix k = product(arena, h, weights.linear(LayerLinear.KEY));
            Matrix v = product(arena, h, weights.linear(LayerLinear.VALUE));
            rotate(q, config.heads());
            rotate(k, config.kvHeads());
            Matrix scores = Matrix.allocate(arena, tokens, tokens);
            float scale = (float) (1 / Math.sqrt(dim));
            for (int head = 0; head < config.heads(); head++) {
                int shared = head / group * dim;
                Block weighted = new Block(scores, 0, 0);
                Products.timesTransposed(
                        tokens, tokens, dim, scale, new Block(q, 0, head * dim), new Block(k, 0, shared), weighted);
                softmax(scores);
                Products.times(
                        tokens, dim, tokens, 1, weighted, new Block(v, 0, shared), 0, new Block(output, 0, head * dim));
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
                for (int i = 0; i < g.length; i++) {
                    g[i] = g[i] / (1 + Exponential.of(-g[i])) * u[i];
                }
                output.setRow(token, g);
            }
        }
    }

    /** The whole layer: {@code x [tokens, hidden]} becomes what the next one reads. */
    void apply(LayerWeights weights, Matrix x) {
        try (Arena arena = Arena.ofConfined()) {
            Matrix h = Matrix.allocate(arena, x.rows(), x.columns());
            attentionInput(weights, x, h);
            Matrix attended = Matrix.allocate(arena, x.rows(), config.heads() * config.headDim());
            attention(weights, h, attended);
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

    /** Turns the two halves of every head by the position's angles. */
    private void rotate(Matrix heads, int count) {
        int half = config.headDim() / 2;
        for (int position = 0; position < heads.rows(); position++) {
            float[] row = heads.row(position);
            for (int head = 0; head < count; head++) {
                int at = head * config.headDim();
                for (int i = 0; i < half; i++) {
                    float first = row[at + i];
                    float second = row[at + half + i];
                    row[at + i] = first * cos[position][i] - second * sin[position][i];
                    row[at + half + i] = second * cos[position][i] + first * sin[position][i];
                }
            }
            heads.setRow(position, row);
        }
    }

    /** Over each row up to the diagonal; what lies behind it becomes 0. */
    private static void softmax(Matrix scores) {
        for (int token = 0; token < scores.rows(); token++) {
            float[] row = scores.row(token);
            float largest = Float.NEGATIVE_INFINITY;
            for (int i = 0; i <= token; i++) {
                largest = Math.max(largest, row[i]);
            }
            double sum = 0;
            for (int i = 0; i <= token; i++) {
                row[i] = Exponential.of(row[i] - largest);
                sum += row[i];
            }
            float factor = (float) (1 / sum);
            for (int i = 0; i < row.length; i++) {
                row[i] = i <= token ? row[i] * factor : 0;
            }
            scores.setRow(token, row);
        }
    }
}
