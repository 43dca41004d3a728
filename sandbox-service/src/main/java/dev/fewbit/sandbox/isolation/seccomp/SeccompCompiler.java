package dev.fewbit.sandbox.isolation.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * Turns a policy into the classic BPF program that {@code seccomp(2)} loads: instructions of 8 bytes
 * ({@code u16 code, u8 jt, u8 jf, u32 k}), little-endian, reading {@code struct seccomp_data} (number at 0, architecture at 4,
 * low halves of the arguments from 16 in steps of 8).
 *
 * <p>A foreign architecture or ABI kills the process; rules that look at an argument come first, then the ranges of allowed
 * numbers in ascending order, then EPERM.
 */
public final class SeccompCompiler {
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_AT_LEAST = 0x35;
    private static final int JUMP_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    private static final int RETURN_KILL = 0x80000000;
    private static final int RETURN_ALLOW = 0x7fff0000;
    private static final int RETURN_ERRNO = 0x00050000;

    private static final int NUMBER_OFFSET = 0;
    private static final int ARCHITECTURE_OFFSET = 4;
    private static final int ARGUMENTS_OFFSET = 16;

    private final SyscallTable table;
    private final List<Instruction> code = new ArrayList<>();

    private SeccompCompiler(SyscallTable table) {
        this.table = table;
    }

    private record Instruction(int code, int jumpTrue, int jumpFalse, int value) {}

    /** The filter of {@code policy} for {@code architecture}. */
    public static byte[] compile(SeccompPolicy policy, Architecture architecture) {
        return new SeccompCompiler(SyscallTable.of(architecture)).compile(policy);
    }

    private byte[] compile(SeccompPolicy policy) {
        Architecture architecture = table.architecture();
        load(ARCHITECTURE_OFFSET);
        emit(JUMP_EQUAL, 1, 0, architecture.auditArch());
        emit(RETURN, 0, 0, RETURN_KILL);
        load(NUMBER_OFFSET);
        if (architecture.foreignBit() != 0) {
            emit(JUMP_ANY_BIT, 0, 1, architecture.foreignBit());
            emit(RETURN, 0, 0, RETURN_KILL);
        }
        TreeSet<Integer> allowed = new TreeSet<>();
        for (SyscallRule rule : policy.rules()) {
            OptionalInt number = table.number(rule.name());
            if (number.isPresent()) {
                switch (rule) {
                    case SyscallRule.Allow _ -> allowed.add(number.getAsInt());
                    case SyscallRule.Refuse refuse -> {
                        emit(JUMP_EQUAL, 0, 1, number.getAsInt());
                        emit(RETURN, 0, 0, RETURN_ERRNO | refuse.errno());
                    }
                    case SyscallRule.RefuseFlags flags -> {
                        emit(JUMP_EQUAL, 0, 4, number.getAsInt());
                        loadArgument(flags.argument());
                        emit(JUMP_ANY_BIT, 0, 1, flags.mask());
                        emit(RETURN, 0, 0, RETURN_ERRNO | flags.errno());
                        emit(RETURN, 0, 0, RETURN_ALLOW);
                    }
                    case SyscallRule.Only only ->
                        values(
                                number.getAsInt(),
                                only.argument(),
                                only.values(),
                                RETURN_ALLOW,
                                RETURN_ERRNO | only.errno());
                    case SyscallRule.Never never ->
                        values(
                                number.getAsInt(),
                                never.argument(),
                                never.values(),
                                RETURN_ERRNO | never.errno(),
                                RETURN_ALLOW);
                }
            }
        }
        ranges(allowed);
        emit(RETURN, 0, 0, RETURN_ERRNO | SeccompPolicy.EPERM);
        return bytes();
    }

    private void values(int number, int argument, List<Integer> values, int whenListed, int otherwise) {
        int n = values.size();
        emit(JUMP_EQUAL, 0, n + 3, number);
        loadArgument(argument);
        for (int i = 0; i < n; i++) {
            emit(JUMP_EQUAL, n - i, 0, values.get(i));
        }
        emit(RETURN, 0, 0, otherwise);
        emit(RETURN, 0, 0, whenListed);
    }

    private void ranges(TreeSet<Integer> allowed) {
        Integer first = allowed.isEmpty() ? null : allowed.first();
        while (first != null) {
            int end = first + 1;
            while (allowed.contains(end)) {
                end++;
            }
            emit(JUMP_AT_LEAST, 2, 0, end);
            emit(JUMP_AT_LEAST, 0, 1, first);
            emit(RETURN, 0, 0, RETURN_ALLOW);
            first = allowed.ceiling(end);
        }
    }

    private void load(int offset) {
        emit(LOAD_WORD, 0, 0, offset);
    }

    private void loadArgument(int argument) {
        load(ARGUMENTS_OFFSET + 8 * argument);
    }

    private void emit(int operation, int jumpTrue, int jumpFalse, int value) {
        code.add(new Instruction(operation, jumpTrue, jumpFalse, value));
    }

    private byte[] bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(code.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (Instruction i : code) {
            buffer.putShort((short) i.code())
                    .put((byte) i.jumpTrue())
                    .put((byte) i.jumpFalse())
                    .putInt(i.value());
        }
        return buffer.array();
    }
}
