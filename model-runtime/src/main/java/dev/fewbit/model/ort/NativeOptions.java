package dev.fewbit.model.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;

/** How a session is made. */
public final class NativeOptions implements AutoCloseable {
    private static final int ERRORS_ONLY = 3;

    private final OrtApi api;
    /** Held while options are made: what registers CUDA writes to the log that comes with an environment. */
    private final MemorySegment environment;

    private final MemorySegment options;

    /** @param threads of a run, the caller's included */
    public NativeOptions(OrtApi api, int threads) {
        this.api = api;
        try (Arena arena = Arena.ofConfined()) {
            environment = api.create(OrtFunction.CREATE_ENV, ERRORS_ONLY, arena.allocateFrom("fewbit"));
        }
        options = api.create(OrtFunction.CREATE_SESSION_OPTIONS);
        api.check(OrtFunction.SET_LOG_SEVERITY, options, ERRORS_ONLY);
        api.check(OrtFunction.SET_INTRA_OP_THREADS, options, threads);
        api.check(OrtFunction.SET_INTER_OP_THREADS, options, 1);
        // As in sessions of the Java API: a thread that waits in a loop takes the core from others.
        entry("session.intra_op.allow_spinning", "0");
    }

    /** The directory of the model's weights file: a model that comes as bytes does not know where it lay. */
    public NativeOptions weights(Path directory) {
        return entry(
                "session.model_external_initializers_file_folder_path",
                directory.toAbsolutePath().toString());
    }

    /** An entry of the session's configuration. */
    public NativeOptions entry(String key, String value) {
        try (Arena arena = Arena.ofConfined()) {
            api.check(
                    OrtFunction.ADD_SESSION_CONFIG_ENTRY, options, arena.allocateFrom(key), arena.allocateFrom(value));
        }
        return this;
    }

    /**
     * Computes on CUDA whatever it has kernels for.
     *
     * @param provider options of the CUDA execution provider
     * @throws OnnxRuntimeException when the library has no CUDA, or CUDA's libraries are not there
     */
    public NativeOptions cuda(Map<String, String> provider) {
        MemorySegment cuda = api.create(OrtFunction.CREATE_CUDA_OPTIONS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment keys = arena.allocate(ADDRESS, provider.size());
            MemorySegment values = arena.allocate(ADDRESS, provider.size());
            int i = 0;
            for (Map.Entry<String, String> entry : provider.entrySet()) {
                keys.setAtIndex(ADDRESS, i, arena.allocateFrom(entry.getKey()));
                values.setAtIndex(ADDRESS, i, arena.allocateFrom(entry.getValue()));
                i++;
            }
            api.check(OrtFunction.UPDATE_CUDA_OPTIONS, cuda, keys, values, (long) provider.size());
            api.check(OrtFunction.APPEND_CUDA, options, cuda);
        } finally {
            api.release(OrtFunction.RELEASE_CUDA_OPTIONS, cuda);
        }
        return this;
    }

    /** Makes operators of ours known; they must outlive the session. */
    public NativeOptions operators(CustomOperators operators) {
        api.check(OrtFunction.ADD_CUSTOM_OP_DOMAIN, options, operators.pointer());
        return this;
    }

    MemorySegment pointer() {
        return options;
    }

    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_SESSION_OPTIONS, options);
        api.release(OrtFunction.RELEASE_ENV, environment);
    }
}
