package dev.fewbit.sandbox.execution;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** Whether more wants to run on this machine than it has cores for. */
@FunctionalInterface
interface MachineLoad {

    /** @param running programs that this engine has begun and not yet answered for */
    boolean isHigh(int running);

    /** By our own programs, which the average of the last minute shows too late, and by that, which shows everybody's. */
    static MachineLoad ofThisMachine() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return running -> running > system.getAvailableProcessors()
                || system.getSystemLoadAverage() > system.getAvailableProcessors();
    }
}
