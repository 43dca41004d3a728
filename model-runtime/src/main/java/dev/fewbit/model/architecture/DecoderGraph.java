package dev.fewbit.model.architecture;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.decoder.DecoderSpec;
import dev.fewbit.model.decoder.HeadSpec;
import dev.fewbit.model.onnx.Dimension;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.onnx.OnnxGraph;
import dev.fewbit.model.onnx.Operators;
import dev.fewbit.model.onnx.Value;
import dev.fewbit.model.onnx.WeightsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A decoder as two graphs, {@code model.onnx} and {@code model-fp16.onnx}, over one {@code weights.bin}: the first computes in fp32, for
 * processors, the second in fp16, for CUDA, whose attention takes no fp32. Their inputs and outputs are described in
 * {@code docs/formats.md}; the names are here.
 *
 * <p>Either graph serves prefill (batch 1, any length), decoding (any batch, length 1) and measuring (logits at any
 * positions): {@link #LOGIT_ROWS} says for which rows of {@code [batch * length]} the head is computed.
 */
public final class DecoderGraph {
    /** The graph with activations and cache in fp32. */
    public static final String MODEL_FILE = "model.onnx";
    /** The graph with activations and cache in fp16. */
    public static final String HALF_MODEL_FILE = "model-fp16.onnx";
    /** The weights of both. */
    public static final String WEIGHTS_FILE = "weights.bin";

    /** int64 {@code [batch, length]}. */
    public static final String INPUT_IDS = "input_ids";
    /** int32 {@code [batch]}: the position of each row's last token, that is its length in the cache less one. */
    public static final String LAST_POSITIONS = "last_positions";
    /** int32 {@code [1]}: the longest row's length in the cache, the new tokens included. */
    public static final String TOTAL_LENGTH = "total_length";
    /** int64 {@code [rows]}: rows of {@code [batch * length]} that logits are wanted for. */
    public static final String LOGIT_ROWS = "logit_rows";

    /** fp32 {@code [rows, vocab]}. */
    public static final String LOGITS = "logits";
    /** fp32 {@code [rows, K]}: the largest logits, largest first. */
    public static final String TOP_LOGITS = "top_logits";
    /** int64 {@code [rows, K]}: their tokens. */
    public static final String TOP_IDS = "top_ids";
    /** fp32 {@code [rows]}: log of the sum of exp over all logits. */
    public static final String LOG_SUM_EXP = "log_sum_exp";

    /** K: how many logits a row brings back, or the whole of a smaller vocabulary. */
    public static final int TOP = 50;

    static final String BATCH = "batch";
    static final String CAPACITY = "capacity";
    private static final String LENGTH = "length";
    private static final String ROWS = "rows";

    private DecoderGraph() {}

    /** fp32, or fp16 in the fp16 graph, {@code [batch, kvHeads, capacity, headDim]}. */
    public static String pastKey(int layer) {
        return "past." + layer + ".key";
    }

    /** As {@link #pastKey}. */
    public static String pastValue(int layer) {
        return "past." + layer + ".value";
    }

    /** As {@link #pastKey}; meant to be bound to the same memory. */
    public static String presentKey(int layer) {
        return "present." + layer + ".key";
    }

    /** As {@link #pastKey}; meant to be bound to the same memory. */
    public static String presentValue(int layer) {
        return "present." + layer + ".value";
    }

    /**
     * Writes the three files into an existing directory that holds none of them. The same weights give the same bytes. Nothing is
     * flushed to disk or renamed here: the caller owns the directory.
     *
     * @return SHA-256 of {@link #WEIGHTS_FILE} in lower-case hex
     */
    public static String write(ModelConfig config, WeightSource source, Path directory) throws IOException {
        try (WeightsFile file = WeightsFile.createLasting(directory.resolve(WEIGHTS_FILE))) {
            StoredWeights weights = new StoredWeights(source, file);
            graph(config, weights, ElementType.FLOAT).write(directory.resolve(MODEL_FILE));
            graph(config, weights, ElementType.FLOAT16).write(directory.resolve(HALF_MODEL_FILE));
            return file.finish();
        }
    }

    /**
     * Bytes of the three files, none of them written.
     *
     * @param weights of {@code weights.bin}
     * @param graph of {@code model.onnx}
     * @param halfGraph of {@code model-fp16.onnx}
     */
    public record Sizes(long weights, long graph, long halfGraph) {}

    /** What {@link #write} would write; of the source's weights only kinds and sizes are looked at. */
    public static Sizes measure(ModelConfig config, WeightSource source) {
        try (WeightsFile file = WeightsFile.counting(WEIGHTS_FILE)) {
            StoredWeights weights = new StoredWeights(source, file);
            long graph = graph(config, weights, ElementType.FLOAT).size();
            long halfGraph = graph(config, weights, ElementType.FLOAT16).size();
            return new Sizes(file.length(), graph, halfGraph);
        } catch (IOException e) {
            throw new UncheckedIOException("counting touches no file", e);
        }
    }

    private static OnnxGraph graph(ModelConfig config, StoredWeights weights, ElementType activations)
            throws IOException {
        OnnxGraph graph = new OnnxGraph("fewbit-decoder");
        Value ids = graph.input(INPUT_IDS, ElementType.INT64, Dimension.of(BATCH), Dimension.of(LENGTH));
        Value rows = graph.input(LOGIT_ROWS, ElementType.INT64, Dimension.of(ROWS));
        DecoderSpec decoder = config.decoder();
        DecoderParts parts = new DecoderParts(decoder, weights, graph, activations);
        Value embedded = parts.embed("embedded", ids);
        Value normed = new DecoderLayers(decoder, parts).build(embedded);
        addHead(decoder, parts, normed, rows, activations);
        DecoderMetadata.of(config).properties().forEach(graph::metadata);
        return graph;
    }

    private static void addHead(
            DecoderSpec decoder, DecoderParts parts, Value normed, Value rows, ElementType activations)
            throws IOException {
        Operators ops = parts.ops();
        OnnxGraph graph = parts.graph();
        Value flat = ops.reshape("flat", normed, graph.constant("flat_shape", -1L, decoder.hiddenSize()));
        Value wanted = ops.gatherRows("wanted", flat, rows);
        boolean half = activations == ElementType.FLOAT16;
        HeadSpec head = decoder.head();
        boolean changed = head.divisor() != 1 || head.softCap().isPresent();
        String name = half ? LOGITS + "_fp16" : LOGITS;
        Value product = parts.head(changed ? name + "_product" : name, wanted);
        Value divided =
                parts.scaled(head.softCap().isPresent() ? name + "_divided" : name, product, 1 / head.divisor());
        Value capped = head.softCap().isPresent()
                ? parts.softCapped(name, divided, head.softCap().getAsDouble())
                : divided;
        Value logits = half ? ops.cast(LOGITS, capped, ElementType.FLOAT) : capped;
        int k = Math.min(TOP, decoder.vocabSize());
        Operators.Largest top = ops.topK("top", logits, graph.constant("top_count", (long) k), TOP_LOGITS, TOP_IDS);
        // On CUDA, ReduceLogSumExp needs cuDNN and LogSoftmax does not.
        Value logSumExp = half
                ? ops.logSumExpBySoftmax(LOG_SUM_EXP, logits, graph.scalar("first_token", 0))
                : ops.logSumExp(LOG_SUM_EXP, logits, graph.constant("vocabulary_axis", -1L));
        graph.output(top.values(), ElementType.FLOAT, Dimension.of(ROWS), Dimension.of(k));
        graph.output(top.indexes(), ElementType.INT64, Dimension.of(ROWS), Dimension.of(k));
        graph.output(logSumExp, ElementType.FLOAT, Dimension.of(ROWS));
        graph.output(logits, ElementType.FLOAT, Dimension.of(ROWS), Dimension.of(decoder.vocabSize()));
    }
}
