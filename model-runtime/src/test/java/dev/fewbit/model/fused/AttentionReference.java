package dev.fewbit.model.fused;

import java.util.ArrayList;
import java.util.List;

/** Attention in fp64, written from its definition: over keys and values as they are, and over those rounded to int8 by token and head. */
final class AttentionReference {
    private final AttentionNode node;
    private final float[] cosines;
    private final float[] sines;
    /** By row and key head: a token's key and value. */
    private final List<List<Token>> exact = new ArrayList<>();

    private final List<List<Token>> rounded = new ArrayList<>();

    private record Token(double[] key, double[] value) {}

    /** What comes out for every token and query head. */
    record Result(double[] exact, double[] rounded) {}

    AttentionReference(AttentionNode node, int positions, DeviceArrays arrays) {
        this.node = node;
        int half = node.headDim() / 2;
        float[] turns = arrays.random(positions * half, 3);
        cosines = new float[turns.length];
        sines = new float[turns.length];
        for (int i = 0; i < turns.length; i++) {
            cosines[i] = half(Math.cos(turns[i]));
            sines[i] = half(Math.sin(turns[i]));
        }
    }

    private static float half(double value) {
        return Float.float16ToFloat(Float.floatToFloat16((float) value));
    }

    float[] cosines() {
        return cosines;
    }

    float[] sines() {
        return sines;
    }

    /** New tokens of a row, from a position on. */
    Result attend(int row, float[] packed, int from) {
        int dim = node.headDim();
        int width = (node.heads() + 2 * node.kvHeads()) * dim;
        int length = packed.length / width;
        double[] outExact = new double[length * node.heads() * dim];
        double[] outRounded = new double[outExact.length];
        while (exact.size() < (row + 1) * node.kvHeads()) {
            exact.add(new ArrayList<>());
            rounded.add(new ArrayList<>());
        }
        for (int i = 0; i < length; i++) {
            for (int head = 0; head < node.kvHeads(); head++) {
                double[] key = turn(packed, i * width + (node.heads() + head) * dim, from + i);
                double[] value = plain(packed, i * width + (node.heads() + node.kvHeads() + head) * dim);
                exact.get(row * node.kvHeads() + head).add(new Token(key, value));
                rounded.get(row * node.kvHeads() + head).add(new Token(round(key), round(value)));
            }
            for (int head = 0; head < node.heads(); head++) {
                double[] query = turn(packed, i * width + head * dim, from + i);
                int own = row * node.kvHeads() + head / (node.heads() / node.kvHeads());
                int at = (i * node.heads() + head) * dim;
                System.arraycopy(attend(query, exact.get(own)), 0, outExact, at, dim);
                System.arraycopy(attend(query, rounded.get(own)), 0, outRounded, at, dim);
            }
        }
        return new Result(outExact, outRounded);
    }

    private double[] attend(double[] query, List<Token> tokens) {
        double[] sum = new double[query.length];
        double all = 0;
        for (Token token : tokens) {
            double score = 0;
            for (int i = 0; i < query.length; i++) {
                score += query[i] * token.key()[i];
            }
            double weight = Math.exp(score * node.scale());
            all += weight;
            for (int i = 0; i < query.length; i++) {
                sum[i] += weight * token.value()[i];
            }
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= all;
        }
        return sum;
    }

    private static double[] round(double[] values) {
        double most = 0;
        for (double value : values) {
            most = Math.max(most, Math.abs(value));
        }
        // In fp32 up to the code, as a cache is written: a tie that falls the other way is a whole step.
        float inverse = 127 / (float) most;
        double[] rounded = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = Math.rint((float) values[i] * inverse) * most / 127;
        }
        return rounded;
    }

    private double[] plain(float[] packed, int at) {
        double[] values = new double[node.headDim()];
        for (int i = 0; i < values.length; i++) {
            values[i] = packed[at + i];
        }
        return values;
    }

    private double[] turn(float[] packed, int at, int position) {
        int half = node.headDim() / 2;
        double[] values = plain(packed, at);
        double[] turned = new double[values.length];
        for (int i = 0; i < half; i++) {
            double cosine = cosines[position * half + i];
            double sine = sines[position * half + i];
            turned[i] = values[i] * cosine - values[i + half] * sine;
            turned[i + half] = values[i + half] * cosine + values[i] * sine;
        }
        return turned;
    }
}
