package dev.fewbit.model.ort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Which tensors a run reads and which it writes. The tensors must outlive it. */
public final class NativeBinding implements AutoCloseable {
    private final OrtApi api;
    private final MemorySegment binding;

    NativeBinding(OrtApi api, MemorySegment session) {
        this.api = api;
        binding = api.create(OrtFunction.CREATE_IO_BINDING, session);
    }

    /**
     * Binds a tensor to an input.
     *
     * @throws OnnxRuntimeException when the model has no such input, or it takes another type
     */
    public void input(String name, NativeTensor tensor) {
        bind(OrtFunction.BIND_INPUT, name, tensor);
    }

    /** As {@link #input}, an output: it is computed into the tensor. */
    public void output(String name, NativeTensor tensor) {
        bind(OrtFunction.BIND_OUTPUT, name, tensor);
    }

    private void bind(OrtFunction function, String name, NativeTensor tensor) {
        try (Arena arena = Arena.ofConfined()) {
            api.check(function, binding, arena.allocateFrom(name), tensor.pointer());
        }
    }

    MemorySegment pointer() {
        return binding;
    }

    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_IO_BINDING, binding);
    }
}
