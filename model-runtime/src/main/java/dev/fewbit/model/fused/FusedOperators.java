package dev.fewbit.model.fused;

import dev.fewbit.model.device.CudaKernels;
import dev.fewbit.model.device.CudaKernels.Grid;
import dev.fewbit.model.device.CudaMemory;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.ort.CustomOperator;
import dev.fewbit.model.ort.CustomOperators;
import dev.fewbit.model.ort.OperatorCall;
import dev.fewbit.model.ort.OrtApi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operators of a fused model, ready on a GPU. They must outlive the model's session. */
public final class FusedOperators implements AutoCloseable {
    private static final int GATE_THREADS = 256;
    private static final int SCAN_THREADS = 1024;
    private static final int EIGHTS = 8;

    private final List<AttentionNode> attentions;
    private final Map<AttentionNode, AttentionKernels> attention = new HashMap<>();
    private final List<LinearNode> linears;
    private final LinearKernels linear;
    private final CudaKernels gate;
    private final CudaKernels largest;
    private final CustomOperators operators;

    /**
     * Compiles what a model asks for.
     *
     * @param provider the execution provider that the operators belong to, over the same memory
     */
    public FusedOperators(OrtApi api, CudaMemory memory, FusedModel model, String provider) {
        attentions = model.attentions();
        for (AttentionNode node : attentions) {
            attention.computeIfAbsent(
                    node, shape -> new AttentionKernels(memory, shape, AttentionKernels.Tuning.of(shape)));
        }
        linears = model.linears();
        linear = linears.isEmpty()
                ? null
                : new LinearKernels(
                        memory,
                        linears.stream()
                                .mapToLong(node -> (long) node.n() * node.k())
                                .max()
                                .orElseThrow());
        gate = memory.kernels("gate.cu", KernelSource.of("gate.cu"), List.of());
        largest = memory.kernels("largest.cu", KernelSource.of("largest.cu"), List.of());
        operators = new CustomOperators(api, provider, described());
    }

    /**
     * Compiles one kernel and opens what products need, and drops both.
     *
     * @throws dev.fewbit.model.device.DeviceException when a library is missing
     */
    public static void require(CudaMemory memory) {
        memory.kernels("gate.cu", KernelSource.of("gate.cu"), List.of()).close();
        memory.products().close();
    }

    private List<CustomOperator> described() {
        ElementType half = ElementType.FLOAT16;
        ElementType single = ElementType.FLOAT;
        List<ElementType> state =
                List.of(half, ElementType.INT8, ElementType.INT8, single, single, ElementType.INT32, half, half);
        return List.of(
                new CustomOperator(FusedModel.ATTENTION, state, List.of(half), this::attend),
                new CustomOperator(
                        FusedModel.LINEAR, List.of(half, ElementType.UINT8, half), List.of(half), this::multiply),
                new CustomOperator(
                        FusedModel.LINEAR_WITH_ZEROS,
                        List.of(half, ElementType.UINT8, half, ElementType.UINT8),
                        List.of(half),
                        this::multiply),
                new CustomOperator(FusedModel.GATE, List.of(half), List.of(half), this::gate),
                new CustomOperator(
                        FusedModel.LARGEST, List.of(half), List.of(single, ElementType.INT64, single), this::largest));
    }

    /** What a session is to know. */
    public CustomOperators operators() {
        return operators;
    }

    private void attend(int node, OperatorCall call) {
        AttentionNode shape = attentions.get(node);
        long[] packed = call.shape(0);
        long out = call.output(0, packed[0], packed[1], (long) shape.heads() * shape.headDim());
        attention
                .get(shape)
                .launch(
                        new AttentionKernels.Tensors(
                                call.input(0),
                                call.input(1),
                                call.input(2),
                                call.input(3),
                                call.input(4),
                                call.input(5),
                                call.input(6),
                                call.input(7),
                                out),
                        Math.toIntExact(packed[0]),
                        Math.toIntExact(packed[1]),
                        Math.toIntExact(call.shape(1)[2]));
    }

    private void multiply(int number, OperatorCall call) {
        LinearNode node = linears.get(number);
        long[] shape = call.shape(0);
        int rows = rows(shape);
        shape[shape.length - 1] = node.n();
        linear.launch(
                node,
                new LinearKernels.Tensors(
                        call.input(0),
                        call.input(1),
                        call.input(2),
                        node.zeros() ? call.input(3) : 0,
                        call.output(0, shape)),
                rows);
    }

    private void gate(int node, OperatorCall call) {
        long[] in = call.shape(0);
        long[] shape = in.clone();
        shape[shape.length - 1] /= 2;
        launchGate(gate, call.input(0), call.output(0, shape), rows(in), Math.toIntExact(shape[shape.length - 1]));
    }

    /** @param columns of the output, a multiple of 8 */
    static void launchGate(CudaKernels kernels, long in, long out, int rows, int columns) {
        if (columns % EIGHTS != 0) {
            throw new IllegalArgumentException(columns + " columns: a multiple of " + EIGHTS);
        }
        int eights = columns / EIGHTS;
        int total = Math.multiplyExact(rows, eights);
        kernels.launch("gate", new Grid(Math.ceilDiv(total, GATE_THREADS), 1, 1, GATE_THREADS), in, out, eights, total);
    }

    private static int rows(long[] shape) {
        long rows = 1;
        for (int i = 0; i < shape.length - 1; i++) {
            rows *= shape[i];
        }
        return Math.toIntExact(rows);
    }

    private void largest(int wanted, OperatorCall call) {
        long[] shape = call.shape(0);
        int rows = rows(shape);
        long values = call.output(0, rows, wanted);
        long ids = call.output(1, rows, wanted);
        long sums = call.output(2, rows);
        int vocabulary = Math.toIntExact(shape[shape.length - 1]);
        launchLargest(largest, call.input(0), new Found(values, ids, sums), rows, vocabulary, wanted);
    }

    /**
     * Addresses of what is found.
     *
     * @param values fp32, largest first
     * @param ids int64
     * @param sums fp32, log of the sum of exp
     */
    record Found(long values, long ids, long sums) {}

    static void launchLargest(CudaKernels kernels, long logits, Found found, int rows, int vocabulary, int wanted) {
        kernels.launch(
                "largest",
                new Grid(rows, 1, 1, SCAN_THREADS),
                logits,
                found.values(),
                found.ids(),
                found.sums(),
                vocabulary,
                wanted);
    }

    @Override
    public void close() {
        operators.close();
        attention.values().forEach(AttentionKernels::close);
        if (linear != null) {
            linear.close();
        }
        gate.close();
        largest.close();
    }
}
