package dev.fewbit.model.ort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** What one kind of run is told, beside its tensors. */
public final class RunSettings implements AutoCloseable {
    private static final String GRAPH = "gpu_graph_id";

    private final OrtApi api;
    private final MemorySegment options;

    private RunSettings(OrtApi api, Map<String, String> entries) {
        this.api = api;
        options = api.create(OrtFunction.CREATE_RUN_OPTIONS);
        try (Arena arena = Arena.ofConfined()) {
            entries.forEach((key, value) -> api.check(
                    OrtFunction.ADD_RUN_CONFIG_ENTRY, options, arena.allocateFrom(key), arena.allocateFrom(value)));
        }
    }

    /** A run whose kernels are launched one by one. */
    public static RunSettings plain(OrtApi api) {
        return new RunSettings(api, Map.of(GRAPH, "-1"));
    }

    /**
     * A run that is recorded as a CUDA graph the first time, with every address and every number in the processor's memory as they are
     * then, and replayed from then on.
     *
     * @param number of the graph in its session, from 1 on
     */
    public static RunSettings graph(OrtApi api, int number) {
        return new RunSettings(api, Map.of(GRAPH, Integer.toString(number)));
    }

    MemorySegment pointer() {
        return options;
    }

    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_RUN_OPTIONS, options);
    }
}
