package dev.fewbit.model.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.fewbit.model.architecture.DecoderGraph;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The small inputs and outputs of runs with one batch size and length: tensors over memory of ours, made once and used at
 * every such step.
 */
final class StepBuffers implements AutoCloseable {
    private final OrtEnvironment environment;
    private final Arena arena = Arena.ofShared();
    private final List<OnnxTensor> tensors = new ArrayList<>();
    private final int top;
    private final MemorySegment ids;
    private final MemorySegment lastPositions;
    private final MemorySegment totalLength;
    private final MemorySegment logitRows;
    private final MemorySegment topLogits;
    private final MemorySegment topIds;
    private final MemorySegment logSumExp;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    /**
     * @param batch rows of token ids
     * @param length tokens of a row
     * @param rows logits that come back
     * @param top candidates of a row
     */
    StepBuffers(OrtEnvironment environment, int batch, int length, int rows, int top) throws OrtException {
        this.environment = environment;
        this.top = top;
        ids = arena.allocate((long) batch * length * Long.BYTES, Long.BYTES);
        lastPositions = arena.allocate((long) batch * Integer.BYTES, Long.BYTES);
        totalLength = arena.allocate(Integer.BYTES, Long.BYTES);
        logitRows = arena.allocate((long) rows * Long.BYTES, Long.BYTES);
        topLogits = arena.allocate((long) rows * top * Float.BYTES, Long.BYTES);
        topIds = arena.allocate((long) rows * top * Long.BYTES, Long.BYTES);
        logSumExp = arena.allocate((long) rows * Float.BYTES, Long.BYTES);
        inputs = Map.of(
                DecoderGraph.INPUT_IDS, tensor(ids, OnnxJavaType.INT64, batch, length),
                DecoderGraph.LAST_POSITIONS, tensor(lastPositions, OnnxJavaType.INT32, batch),
                DecoderGraph.TOTAL_LENGTH, tensor(totalLength, OnnxJavaType.INT32, 1),
                DecoderGraph.LOGIT_ROWS, tensor(logitRows, OnnxJavaType.INT64, rows));
        outputs = Map.of(
                DecoderGraph.TOP_LOGITS, tensor(topLogits, OnnxJavaType.FLOAT, rows, top),
                DecoderGraph.TOP_IDS, tensor(topIds, OnnxJavaType.INT64, rows, top),
                DecoderGraph.LOG_SUM_EXP, tensor(logSumExp, OnnxJavaType.FLOAT, rows));
    }

    private OnnxTensor tensor(MemorySegment memory, OnnxJavaType type, long... shape) throws OrtException {
        OnnxTensor tensor =
                OnnxTensor.createTensor(environment, memory.asByteBuffer().order(ByteOrder.nativeOrder()), shape, type);
        tensors.add(tensor);
        return tensor;
    }

    Map<String, OnnxTensor> inputs() {
        return inputs;
    }

    Map<String, OnnxTensor> outputs() {
        return outputs;
    }

    void setId(int index, int token) {
        ids.setAtIndex(ValueLayout.JAVA_LONG, index, token);
    }

    /** Sets what attention needs to know: where each row's last token stands. */
    void setLastPosition(int row, int position) {
        lastPositions.setAtIndex(ValueLayout.JAVA_INT, row, position);
    }

    void setTotalLength(int length) {
        totalLength.set(ValueLayout.JAVA_INT, 0, length);
    }

    void setLogitRow(int index, int row) {
        logitRows.setAtIndex(ValueLayout.JAVA_LONG, index, row);
    }

    /** Says which of the first {@code count} rows has logits that are not finite; empty when all are good. */
    Optional<String> fault(int count) {
        for (int row = 0; row < count; row++) {
            float sum = logSumExp.getAtIndex(ValueLayout.JAVA_FLOAT, row);
            float largest = topLogits.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * top);
            if (!Float.isFinite(sum) || !Float.isFinite(largest)) {
                return Optional.of("logits are not finite: log-sum-exp " + sum + ", largest " + largest + " in row "
                        + row + " of " + count);
            }
        }
        return Optional.empty();
    }

    /** What came back of the first {@code count} rows. */
    List<Candidates> candidates(int count) {
        List<Candidates> candidates = new ArrayList<>(count);
        for (int row = 0; row < count; row++) {
            float sum = logSumExp.getAtIndex(ValueLayout.JAVA_FLOAT, row);
            float[] logits = new float[top];
            int[] tokens = new int[top];
            for (int i = 0; i < top; i++) {
                int index = row * top + i;
                logits[i] = topLogits.getAtIndex(ValueLayout.JAVA_FLOAT, index);
                tokens[i] = Math.toIntExact(topIds.getAtIndex(ValueLayout.JAVA_LONG, index));
            }
            candidates.add(new Candidates(tokens, logits, sum));
        }
        return candidates;
    }

    @Override
    public void close() {
        tensors.forEach(OnnxTensor::close);
        arena.close();
    }
}
