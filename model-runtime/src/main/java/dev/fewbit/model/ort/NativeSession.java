package dev.fewbit.model.ort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A model that is loaded. Runs read and write the tensors of a {@link NativeBinding}. */
public final class NativeSession implements AutoCloseable {
    private static final int ERRORS_ONLY = 3;

    private final OrtApi api;
    private final MemorySegment environment;
    private final MemorySegment session;

    /**
     * Loads a model.
     *
     * @param model its protocol buffer
     * @throws OnnxRuntimeException when it is refused
     */
    public NativeSession(OrtApi api, byte[] model, NativeOptions options) {
        this.api = api;
        try (Arena arena = Arena.ofConfined()) {
            environment = api.create(OrtFunction.CREATE_ENV, ERRORS_ONLY, arena.allocateFrom("fewbit"));
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, model);
            MemorySegment made = null;
            try {
                made = api.create(
                        OrtFunction.CREATE_SESSION_FROM_ARRAY, environment, bytes, bytes.byteSize(), options.pointer());
            } finally {
                if (made == null) {
                    api.release(OrtFunction.RELEASE_ENV, environment);
                }
            }
            session = made;
        }
    }

    /** Runs the model over a binding; what it computes is there when this returns. */
    public void run(NativeBinding binding, RunSettings settings) {
        api.run(session, settings.pointer(), binding.pointer());
    }

    /** A binding with nothing in it. */
    public NativeBinding newBinding() {
        return new NativeBinding(api, session);
    }

    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_SESSION, session);
        api.release(OrtFunction.RELEASE_ENV, environment);
    }
}
