package dev.fewbit.quantizer.fidelity;

import dev.fewbit.contracts.artifact.TextFidelity;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.tokenizer.Tokenizer;
import dev.fewbit.quantizer.calibration.TextDocuments;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.Exponential;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compares a decoder with quantized linears with the original on a text's documents, in its order until there are 32,768 tokens. Each
 * document stands alone, with its BOS and EOS. With the original's distribution {@code p} and the other's {@code q} at a position:
 *
 * <pre>
 * KL = sum_v p(v) (ln p(v) - ln q(v))
 * </pre>
 *
 * fp32 throughout, weights as stored, embedding and norms as in the checkpoint.
 */
public final class FidelityMeasurement implements AutoCloseable {
    private static final int TOKENS = 32_768;
    private static final double PERCENTILE = 0.99;
    /** Digits that are given: more would be noise of fp32. */
    private static final MathContext DIGITS = new MathContext(5);

    private final Arena arena = Arena.ofShared();
    private final List<int[]> documents;
    private final DecoderForward original;
    private final DecoderForward quantized;
    private final int layers;

    /**
     * Reads the text and the checkpoint.
     *
     * @throws dev.fewbit.quantizer.QuantizationException when the text cannot be read
     */
    public FidelityMeasurement(Checkpoint checkpoint, Path text) {
        documents = documents(checkpoint, text);
        int longest = documents.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        original = new DecoderForward(arena, checkpoint, longest);
        quantized = original.fork();
        layers = checkpoint.config().layers();
    }

    /** Takes a quantized linear in the place of the original; {@code name} as in the checkpoint. */
    public void replace(String name, BlockQuantizedWeight weight) {
        Matrix restored = Matrix.allocate(arena, weight.n(), weight.k());
        weight.dequantize(restored.data());
        for (int layer = 0; layer < layers; layer++) {
            for (LayerLinear linear : LayerLinear.values()) {
                if (linear.weight(layer).equals(name)) {
                    quantized.layer(layer).replace(linear, restored);
                }
            }
        }
    }

    public TextFidelity measure() {
        // Documents in parallel, results in their order: sums do not depend on the number of threads.
        List<Positions> measured = documents.parallelStream().map(this::measure).toList();
        double[] divergences = measured.stream()
                .flatMapToDouble(document -> Arrays.stream(document.divergence))
                .toArray();
        int tokens = divergences.length;
        double loss = measured.stream().mapToDouble(Positions::loss).sum();
        double originalLoss =
                measured.stream().mapToDouble(Positions::originalLoss).sum();
        int agreed = measured.stream().mapToInt(Positions::agreed).sum();
        double mean = Arrays.stream(divergences).sum() / tokens;
        Arrays.sort(divergences);
        return new TextFidelity(
                rounded(Math.exp(loss / tokens)),
                rounded(Math.exp(originalLoss / tokens)),
                rounded(mean),
                rounded(divergences[(int) Math.ceil(PERCENTILE * tokens) - 1]),
                rounded((double) agreed / tokens),
                tokens);
    }

    @Override
    public void close() {
        arena.close();
    }

    /** What was measured at a document's positions. */
    private record Positions(double[] divergence, double loss, double originalLoss, int agreed) {}

    private Positions measure(int[] ids) {
        try (Arena scratch = Arena.ofConfined()) {
            Matrix expected = original.logits(scratch, ids);
            Matrix found = quantized.logits(scratch, ids);
            double[] divergence = new double[ids.length - 1];
            double loss = 0;
            double originalLoss = 0;
            int agreed = 0;
            for (int position = 0; position < divergence.length; position++) {
                float[] p = expected.row(position);
                float[] q = found.row(position);
                double pNorm = logSumExp(p);
                double qNorm = logSumExp(q);
                for (int v = 0; v < p.length; v++) {
                    double logP = p[v] - pNorm;
                    divergence[position] += Exponential.of((float) logP) * (logP - (q[v] - qNorm));
                }
                loss += qNorm - q[ids[position + 1]];
                originalLoss += pNorm - p[ids[position + 1]];
                agreed += largest(p) == largest(q) ? 1 : 0;
            }
            return new Positions(divergence, loss, originalLoss, agreed);
        }
    }

    private static double logSumExp(float[] logits) {
        float top = logits[largest(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Exponential.of(logit - top);
        }
        return top + StrictMath.log(sum);
    }

    private static int largest(float[] values) {
        int at = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[at]) {
                at = i;
            }
        }
        return at;
    }

    private static List<int[]> documents(Checkpoint checkpoint, Path text) {
        List<int[]> documents = new ArrayList<>();
        int tokens = 0;
        int longest = checkpoint.config().maxPositionEmbeddings();
        List<Integer> ends = checkpoint.config().eosTokenIds();
        try (Tokenizer tokenizer = Tokenizer.open(checkpoint.directory())) {
            for (String document : TextDocuments.read(text)) {
                int[] ids = Stream.concat(
                                Arrays.stream(tokenizer.encode(document)).boxed(),
                                ends.stream().limit(1))
                        .limit(longest)
                        .mapToInt(Integer::intValue)
                        .toArray();
                documents.add(ids);
                tokens += ids.length - 1;
                if (tokens >= TOKENS) {
                    break;
                }
            }
        }
        return documents;
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }
}
