package dev.fewbit.model.architecture;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.Architecture;

/** The Llama forward pass in plain Java, double precision, one sequence: written from the equations, for tests. */
public final class PlainLlama {
    private final ModelConfig config;
    private final WeightSource source;

    public PlainLlama(ModelConfig config, WeightSource source) {
        this.config = config;
        this.source = source;
    }

    /** Logits behind every token: {@code [length][vocabulary]}. */
    public double[][] logits(int[] tokens) {
        int length = tokens.length;
        double[][] hidden = new double[length][];
        double[][] table = matrix(source.tensor(Architecture.EMBEDDING).toFloats(), config.hiddenSize());
        for (int t = 0; t < length; t++) {
            hidden[t] = table[tokens[t]].clone();
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            double[][] normed = norm(hidden, prefix + "input_layernorm.weight");
            double[][] q = linear(normed, prefix + "self_attn.q_proj.weight");
            double[][] k = linear(normed, prefix + "self_attn.k_proj.weight");
            double[][] v = linear(normed, prefix + "self_attn.v_proj.weight");
            rotate(q, config.heads());
            rotate(k, config.kvHeads());
            add(hidden, linear(attend(q, k, v), prefix + "self_attn.o_proj.weight"));
            double[][] middle = norm(hidden, prefix + "post_attention_layernorm.weight");
            double[][] gate = linear(middle, prefix + "mlp.gate_proj.weight");
            double[][] up = linear(middle, prefix + "mlp.up_proj.weight");
            for (int t = 0; t < length; t++) {
                for (int i = 0; i < gate[t].length; i++) {
                    gate[t][i] = gate[t][i] / (1 + Math.exp(-gate[t][i])) * up[t][i];
                }
            }
            add(hidden, linear(gate, prefix + "mlp.down_proj.weight"));
        }
        double[][] last = norm(hidden, "model.norm.weight");
        return config.tieWordEmbeddings() ? multiply(last, table) : linear(last, Architecture.HEAD);
    }

    private double[][] attend(double[][] q, double[][] k, double[][] v) {
        int dim = config.headDim();
        double[][] out = new double[q.length][config.heads() * dim];
        for (int t = 0; t < q.length; t++) {
            for (int head = 0; head < config.heads(); head++) {
                int kvHead = head / (config.heads() / config.kvHeads());
                double[] weights = new double[t + 1];
                double sum = 0;
                for (int s = 0; s <= t; s++) {
                    double dot = 0;
                    for (int i = 0; i < dim; i++) {
                        dot += q[t][head * dim + i] * k[s][kvHead * dim + i];
                    }
                    weights[s] = Math.exp(dot / Math.sqrt(dim));
                    sum += weights[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int i = 0; i < dim; i++) {
                        out[t][head * dim + i] += weights[s] / sum * v[s][kvHead * dim + i];
                    }
                }
            }
        }
        return out;
    }

    private void rotate(double[][] rows, int heads) {
        int dim = config.headDim();
        for (int t = 0; t < rows.length; t++) {
            for (int head = 0; head < heads; head++) {
                for (int i = 0; i < dim / 2; i++) {
                    double angle = t / Math.pow(config.ropeTheta(), 2.0 * i / dim);
                    int at = head * dim + i;
                    double first = rows[t][at];
                    double second = rows[t][at + dim / 2];
                    rows[t][at] = first * Math.cos(angle) - second * Math.sin(angle);
                    rows[t][at + dim / 2] = second * Math.cos(angle) + first * Math.sin(angle);
                }
            }
        }
    }

    private double[][] norm(double[][] rows, String name) {
        float[] gain = source.tensor(name).toFloats();
        double[][] out = new double[rows.length][gain.length];
        for (int t = 0; t < rows.length; t++) {
            double squares = 0;
            for (double x : rows[t]) {
                squares += x * x;
            }
            double scale = 1 / Math.sqrt(squares / gain.length + config.rmsNormEps());
            for (int i = 0; i < gain.length; i++) {
                out[t][i] = rows[t][i] * scale * gain[i];
            }
        }
        return out;
    }

    private double[][] linear(double[][] rows, String name) {
        return switch (source.linear(name)) {
            case DenseWeight dense -> multiply(rows, matrix(dense.tensor().toFloats(), dense.k()));
            case BlockQuantizedWeight packed ->
                throw new IllegalArgumentException(name + " is packed: hand over dequantized weights");
        };
    }

    private static double[][] multiply(double[][] rows, double[][] weight) {
        double[][] out = new double[rows.length][weight.length];
        for (int t = 0; t < rows.length; t++) {
            for (int n = 0; n < weight.length; n++) {
                for (int k = 0; k < weight[n].length; k++) {
                    out[t][n] += rows[t][k] * weight[n][k];
                }
            }
        }
        return out;
    }

    private static double[][] matrix(float[] values, int columns) {
        double[][] matrix = new double[values.length / columns][columns];
        for (int i = 0; i < values.length; i++) {
            matrix[i / columns][i % columns] = values[i];
        }
        return matrix;
    }

    private static void add(double[][] rows, double[][] more) {
        for (int t = 0; t < rows.length; t++) {
            for (int i = 0; i < rows[t].length; i++) {
                rows[t][i] += more[t][i];
            }
        }
    }
}
