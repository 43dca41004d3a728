package dev.fewbit.sandbox.isolation.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The control group of one slot; used by one jail at a time. */
public interface SlotGroup {

    /** Files a process writes its id to in order to join. */
    List<Path> joinFiles();

    /** Sets the limits of the next jail and starts to count. */
    void prepare(long memoryBytes, int processes) throws IOException;

    /** Whether the memory limit refused or killed something since {@link #prepare}. */
    boolean memoryLimitHit() throws IOException;
}
