package dev.fewbit.sandbox.isolation.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs a classic BPF program as the kernel would, written from the kernel's networking/filter documentation. */
final class FilterInterpreter {
    static final int KILL = 0x80000000;
    static final int ALLOW = 0x7fff0000;

    private final ByteBuffer program;

    FilterInterpreter(byte[] program) {
        this.program = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    }

    static int errno(int number) {
        return 0x00050000 | number;
    }

    int run(int architecture, int number, long... arguments) {
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, number).putInt(4, architecture);
        for (int i = 0; i < arguments.length; i++) {
            data.putLong(16 + 8 * i, arguments[i]);
        }
        int accumulator = 0;
        for (int at = 0; ; at++) {
            int code = program.getShort(8 * at) & 0xffff;
            int jumpTrue = program.get(8 * at + 2) & 0xff;
            int jumpFalse = program.get(8 * at + 3) & 0xff;
            int k = program.getInt(8 * at + 4);
            switch (code) {
                case 0x20 -> accumulator = data.getInt(k);
                case 0x15 -> at += accumulator == k ? jumpTrue : jumpFalse;
                case 0x35 -> at += Integer.compareUnsigned(accumulator, k) >= 0 ? jumpTrue : jumpFalse;
                case 0x45 -> at += (accumulator & k) != 0 ? jumpTrue : jumpFalse;
                case 0x06 -> {
                    return k;
                }
                default -> throw new IllegalStateException("instruction " + at + " has code " + code);
            }
        }
    }
}
