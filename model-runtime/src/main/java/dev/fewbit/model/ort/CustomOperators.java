package dev.fewbit.model.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/**
 * Operators of ours for sessions: {@code OrtCustomOp} tables whose functions call into this JVM. With one thread in a session, and one
 * stream, they are called by the thread that runs it; where a step is recorded as a CUDA graph, only when it is recorded.
 *
 * @see <a href="https://onnxruntime.ai/docs/reference/operators/add-custom-op.html">Custom operators</a>
 */
// Calling and being called by a native library is what this class is for.
@SuppressWarnings("restricted")
public final class CustomOperators implements AutoCloseable {
    /** The name of CUDA's execution provider. */
    public static final String CUDA = "CUDAExecutionProvider";
    /** The name of the processor's. */
    public static final String PROCESSOR = "CPUExecutionProvider";

    /** The version of the table: kernels may answer with a status from 16 on, and operators have versions of their own from 17 on. */
    private static final int TABLE_VERSION = 17;

    private static final int FIELDS = 26;
    private static final int REQUIRED = 0;
    private static final int DEFAULT_MEMORY = 0;

    private final OrtApi api;
    private final Arena arena = Arena.ofShared();
    private final Linker linker = Linker.nativeLinker();
    private final MethodHandles.Lookup lookup = MethodHandles.lookup();
    private final MemorySegment domain;
    private final MemorySegment attribute = arena.allocateFrom(CustomOperator.NODE);

    /** @param provider name of the execution provider that the operators belong to */
    public CustomOperators(OrtApi api, String provider, List<CustomOperator> operators) {
        this.api = api;
        domain = api.create(OrtFunction.CREATE_CUSTOM_OP_DOMAIN, arena.allocateFrom(CustomOperator.DOMAIN));
        for (CustomOperator operator : operators) {
            api.check(OrtFunction.CUSTOM_OP_DOMAIN_ADD, domain, table(operator, arena.allocateFrom(provider)));
        }
    }

    private MemorySegment table(CustomOperator operator, MemorySegment provider) {
        Callbacks callbacks = new Callbacks(api, operator, attribute);
        MemorySegment table = arena.allocate(FIELDS * ADDRESS.byteSize(), ADDRESS.byteAlignment());
        table.set(JAVA_INT, 0, TABLE_VERSION);
        field(table, 2, constant(arena.allocateFrom(operator.name())), FunctionDescriptor.of(ADDRESS, ADDRESS));
        field(table, 3, constant(provider), FunctionDescriptor.of(ADDRESS, ADDRESS));
        field(table, 4, bound(callbacks, "inputType", int.class, MemorySegment.class, long.class), ofIndex());
        field(table, 5, constant((long) operator.inputs().size()), FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        field(table, 6, bound(callbacks, "outputType", int.class, MemorySegment.class, long.class), ofIndex());
        field(table, 7, constant((long) operator.outputs().size()), FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        field(
                table,
                9,
                MethodHandles.empty(MethodType.methodType(void.class, MemorySegment.class)),
                FunctionDescriptor.ofVoid(ADDRESS));
        field(table, 10, MethodHandles.dropArguments(constant(REQUIRED), 1, long.class), ofIndex());
        field(table, 11, MethodHandles.dropArguments(constant(REQUIRED), 1, long.class), ofIndex());
        field(table, 12, MethodHandles.dropArguments(constant(DEFAULT_MEMORY), 1, long.class), ofIndex());
        Class<MemorySegment> pointer = MemorySegment.class;
        field(
                table,
                17,
                bound(callbacks, "create", pointer, pointer, pointer, pointer, pointer),
                FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
        field(
                table,
                18,
                bound(callbacks, "compute", pointer, pointer, pointer),
                FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
        field(table, 20, constant(1), FunctionDescriptor.of(JAVA_INT, ADDRESS));
        field(table, 21, constant(Integer.MAX_VALUE), FunctionDescriptor.of(JAVA_INT, ADDRESS));
        return table;
    }

    private static FunctionDescriptor ofIndex() {
        return FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG);
    }

    private void field(MemorySegment table, int place, MethodHandle target, FunctionDescriptor descriptor) {
        table.setAtIndex(ADDRESS, place, linker.upcallStub(target, descriptor, arena));
    }

    /** A function of the table itself that always answers the same. */
    private static MethodHandle constant(Object value) {
        Class<?> type = switch (value) {
            case Integer _ -> int.class;
            case Long _ -> long.class;
            default -> MemorySegment.class;
        };
        return MethodHandles.dropArguments(MethodHandles.constant(type, value), 0, MemorySegment.class);
    }

    private MethodHandle bound(Callbacks callbacks, String method, Class<?> returns, Class<?>... parameters) {
        try {
            return lookup.findVirtual(Callbacks.class, method, MethodType.methodType(returns, parameters))
                    .bindTo(callbacks);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " is here", e);
        }
    }

    /** What an operator's table calls. */
    private record Callbacks(OrtApi api, CustomOperator operator, MemorySegment attribute) {
        int inputType(MemorySegment table, long index) {
            return operator.inputs().get((int) index).number();
        }

        int outputType(MemorySegment table, long index) {
            return operator.outputs().get((int) index).number();
        }

        /** A node's kernel is known by its number, one more than it, since none may be null. */
        MemorySegment create(MemorySegment table, MemorySegment functions, MemorySegment info, MemorySegment made) {
            return guarded(() -> {
                long node = api.number(OrtFunction.GET_NODE_INT, info, attribute);
                made.reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, MemorySegment.ofAddress(node + 1));
            });
        }

        MemorySegment compute(MemorySegment kernel, MemorySegment context) {
            return guarded(
                    () -> operator.kernel().compute((int) (kernel.address() - 1), new OperatorCall(api, context)));
        }

        // Whatever is thrown here would end the process: nothing may pass from Java into native code.
        private MemorySegment guarded(Runnable work) {
            try {
                work.run();
                return MemorySegment.NULL;
            } catch (RuntimeException | Error e) {
                return api.failure(operator.name() + ": " + e);
            }
        }
    }

    MemorySegment pointer() {
        return domain;
    }

    /** Once no session has them any more. */
    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_CUSTOM_OP_DOMAIN, domain);
        arena.close();
    }
}
