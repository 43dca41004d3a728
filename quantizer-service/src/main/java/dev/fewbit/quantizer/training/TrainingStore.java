package dev.fewbit.quantizer.training;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Where the state of a training survives the process: one value for one key, whole or absent. */
public interface TrainingStore {
    /** Keeps nothing. */
    TrainingStore NONE = new TrainingStore() {
        @Override
        public Optional<MemorySegment> read(Arena arena) {
            return Optional.empty();
        }

        @Override
        public void write(List<MemorySegment> parts) {}
    };

    /** What was written last, readable as long as {@code arena}; empty when nothing was. */
    Optional<MemorySegment> read(Arena arena) throws IOException;

    /** Replaces the value by {@code parts}, one behind the other: after a kill either the old value is there or the new one. */
    void write(List<MemorySegment> parts) throws IOException;
}
