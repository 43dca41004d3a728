package dev.fewbit.model.resident;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.device.DeviceMemory;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.ort.NativeBinding;
import dev.fewbit.model.ort.NativeTensor;
import dev.fewbit.model.session.Candidates;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The small inputs and outputs of every run, at addresses of the device that never change, and the buffers of the processor that they are
 * copied from and to, each side in one copy.
 */
final class StepArea implements AutoCloseable {
    private static final long ALIGNMENT = 256;

    private final Placement placement;
    private final DeviceMemory memory;
    private final int capacity;
    private final int top;
    private final long rowsAt;
    private final long idsAt;
    private final long topIdsAt;
    private final long sumsAt;
    private final long inputs;
    private final long outputs;
    private final MemorySegment in;
    private final MemorySegment out;
    private final MemorySegment totalLength;

    /** The tensors of runs with one batch size and length, bound. */
    record Views(List<NativeTensor> tensors) implements AutoCloseable {
        @Override
        public void close() {
            tensors.forEach(NativeTensor::close);
        }
    }

    /**
     * @param capacity most tokens, and most rows, of a run
     * @param top candidates of a row
     */
    StepArea(Placement placement, int capacity, int top) {
        this.placement = placement;
        this.capacity = capacity;
        this.top = top;
        memory = placement.memory();
        rowsAt = aligned((long) capacity * Integer.BYTES);
        idsAt = rowsAt + aligned((long) capacity * Long.BYTES);
        topIdsAt = aligned((long) capacity * top * Float.BYTES);
        sumsAt = topIdsAt + aligned((long) capacity * top * Long.BYTES);
        long inBytes = idsAt + aligned((long) capacity * Long.BYTES);
        long outBytes = sumsAt + aligned((long) capacity * Float.BYTES);
        inputs = memory.allocate(inBytes);
        outputs = memory.allocate(outBytes);
        in = memory.hostBuffer(inBytes);
        out = memory.hostBuffer(outBytes);
        totalLength = memory.hostBuffer(ALIGNMENT);
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }

    /**
     * Binds the tensors of a run.
     *
     * @param batch rows of token ids
     * @param length tokens of a row
     * @param rows that candidates come back for
     */
    Views bind(NativeBinding binding, int batch, int length, int rows) {
        List<NativeTensor> tensors = new ArrayList<>();
        input(binding, tensors, DecoderGraph.INPUT_IDS, inputs + idsAt, ElementType.INT64, batch, length);
        input(binding, tensors, DecoderGraph.LAST_POSITIONS, inputs, ElementType.INT32, batch);
        input(binding, tensors, DecoderGraph.LOGIT_ROWS, inputs + rowsAt, ElementType.INT64, rows);
        NativeTensor total = placement.hostTensor(totalLength.address(), ElementType.INT32, 1);
        tensors.add(total);
        binding.input(DecoderGraph.TOTAL_LENGTH, total);
        output(binding, tensors, DecoderGraph.TOP_LOGITS, outputs, ElementType.FLOAT, rows, top);
        output(binding, tensors, DecoderGraph.TOP_IDS, outputs + topIdsAt, ElementType.INT64, rows, top);
        output(binding, tensors, DecoderGraph.LOG_SUM_EXP, outputs + sumsAt, ElementType.FLOAT, rows);
        return new Views(tensors);
    }

    private void input(
            NativeBinding binding,
            List<NativeTensor> tensors,
            String name,
            long address,
            ElementType type,
            long... shape) {
        NativeTensor tensor = placement.tensor(address, type, shape);
        tensors.add(tensor);
        binding.input(name, tensor);
    }

    private void output(
            NativeBinding binding,
            List<NativeTensor> tensors,
            String name,
            long address,
            ElementType type,
            long... shape) {
        NativeTensor tensor = placement.tensor(address, type, shape);
        tensors.add(tensor);
        binding.output(name, tensor);
    }

    void setId(int index, int token) {
        in.set(JAVA_LONG, idsAt + (long) index * Long.BYTES, token);
    }

    /** Where a row's last token stands. */
    void setLastPosition(int row, int position) {
        in.setAtIndex(JAVA_INT, row, position);
    }

    void setLogitRow(int index, int row) {
        in.set(JAVA_LONG, rowsAt + (long) index * Long.BYTES, row);
    }

    void setTotalLength(int length) {
        totalLength.set(JAVA_INT, 0, length);
    }

    /** Sends what was set, for a run of {@code tokens} tokens in all. */
    void upload(int tokens) {
        memory.upload(inputs, in.asSlice(0, idsAt + (long) tokens * Long.BYTES));
    }

    /**
     * Brings back what the first {@code rows} rows of a run found, when all that was asked for is done.
     */
    void download(int rows) {
        if (rows * 2 < capacity) {
            memory.download(out.asSlice(0, (long) rows * top * Float.BYTES), outputs);
            memory.download(out.asSlice(topIdsAt, (long) rows * top * Long.BYTES), outputs + topIdsAt);
            memory.download(out.asSlice(sumsAt, (long) rows * Float.BYTES), outputs + sumsAt);
        } else {
            memory.download(out, outputs);
        }
        memory.synchronize();
    }

    /**
     * Says which of the first {@code rows} rows that came back has logits that are not finite; empty when all are good. One logit that
     * is not makes its row's log-sum-exp so, so that the vocabulary need not be looked at.
     */
    Optional<String> fault(int rows) {
        for (int row = 0; row < rows; row++) {
            float sum = out.get(JAVA_FLOAT, sumsAt + (long) row * Float.BYTES);
            float largest = out.getAtIndex(JAVA_FLOAT, (long) row * top);
            if (!Float.isFinite(sum) || !Float.isFinite(largest)) {
                return Optional.of("logits are not finite: log-sum-exp " + sum + ", largest " + largest + " in row "
                        + row + " of " + rows);
            }
        }
        return Optional.empty();
    }

    /** The first {@code rows} rows that came back. */
    List<Candidates> candidates(int rows) {
        List<Candidates> candidates = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            candidates.add(row(row));
        }
        return candidates;
    }

    private Candidates row(int row) {
        float sum = out.get(JAVA_FLOAT, sumsAt + (long) row * Float.BYTES);
        float[] logits = new float[top];
        int[] tokens = new int[top];
        for (int i = 0; i < top; i++) {
            long index = (long) row * top + i;
            float logit = out.getAtIndex(JAVA_FLOAT, index);
            int token = Math.toIntExact(out.get(JAVA_LONG, topIdsAt + index * Long.BYTES));
            // The smaller id first in a tie: CUDA's TopK does not promise it.
            int at = i;
            while (at > 0 && logits[at - 1] == logit && tokens[at - 1] > token) {
                logits[at] = logits[at - 1];
                tokens[at] = tokens[at - 1];
                at--;
            }
            logits[at] = logit;
            tokens[at] = token;
        }
        return new Candidates(tokens, logits, sum);
    }

    @Override
    public void close() {
        memory.free(inputs);
        memory.free(outputs);
    }
}
