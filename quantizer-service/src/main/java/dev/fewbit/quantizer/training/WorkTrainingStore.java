package dev.fewbit.quantizer.training;

import dev.fewbit.quantizer.work.WorkDirectory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Keeps the state of a training in the work directory of its artifact. */
public final class WorkTrainingStore implements TrainingStore {
    private static final String NAME = "training";

    private final WorkDirectory work;

    public WorkTrainingStore(WorkDirectory work) {
        this.work = work;
    }

    @Override
    public Optional<MemorySegment> read(Arena arena) throws IOException {
        return work.read(arena, NAME);
    }

    @Override
    public void write(List<MemorySegment> parts) throws IOException {
        work.change().put(NAME, parts).commit();
    }
}
