package dev.fewbit.sandbox.isolation.seccomp;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A processor whose system calls we know by number. */
public enum Architecture {
    /** With x32's bit, whose calls are the same kernel entries under other numbers. */
    X86_64("amd64", 0xC000003E, 0x40000000),
    AARCH64("aarch64", 0xC00000B7, 0);

    private final String osArch;
    private final int auditArch;
    private final int foreignBit;

    Architecture(String osArch, int auditArch, int foreignBit) {
        this.osArch = osArch;
        this.auditArch = auditArch;
        this.foreignBit = foreignBit;
    }

    /** The kernel's {@code AUDIT_ARCH_*}. */
    int auditArch() {
        return auditArch;
    }

    /** A bit in a system call's number that marks another ABI, 0 where there is none. */
    int foreignBit() {
        return foreignBit;
    }

    String tableName() {
        return "syscalls-" + (this == X86_64 ? "x86_64" : "aarch64") + ".txt";
    }

    /** The one this JVM runs on. */
    public static Architecture current() {
        String name = System.getProperty("os.arch");
        return Arrays.stream(values())
                .filter(a -> a.osArch.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("os.arch " + name + " has no seccomp table; known are "
                        + Arrays.stream(values()).map(a -> a.osArch).collect(Collectors.joining(", "))));
    }
}
