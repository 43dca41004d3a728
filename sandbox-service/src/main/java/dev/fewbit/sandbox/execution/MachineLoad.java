package dev.fewbit.sandbox.execution;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** Whether more wants to run on this machine than it has cores for. */
@FunctionalInterface
interface MachineLoad {

    boolean isHigh();

    /** By the load average of the last minute. */
    static MachineLoad ofThisMachine() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return () -> system.getSystemLoadAverage() > system.getAvailableProcessors();
    }
}
