package dev.fewbit.sandbox.isolation.cgroup;

import java.nio.file.Path;
import java.util.List;

/** No control group can be written: {@code sbinit} adds up the tree every 20 ms and kills it above its limit. */
public record Watchdog() implements TreeLimiter, SlotGroup {

    @Override
    public String mode() {
        return "watchdog";
    }

    @Override
    public SlotGroup slot(int slot) {
        return this;
    }

    @Override
    public List<Path> joinFiles() {
        return List.of();
    }

    @Override
    public void prepare(long memoryBytes, int processes) {
        // The limits travel in sbinit's own arguments.
    }

    @Override
    public boolean memoryLimitHit() {
        return false;
    }

    @Override
    public void close() {
        // Nothing was made.
    }
}
