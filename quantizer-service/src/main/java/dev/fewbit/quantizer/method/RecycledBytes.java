package dev.fewbit.quantizer.method;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Arrays that are used again once what they held was written: as garbage of megabytes they would fill a heap that grows before it is collected, the
 * more the more layers a model has. Not for use by several threads at a time.
 */
final class RecycledBytes {
    private final Map<Integer, Deque<byte[]>> free = new HashMap<>();
    private final List<byte[]> taken = new ArrayList<>();

    /** An array of zeros. */
    byte[] take(int length) {
        Deque<byte[]> ready = free.get(length);
        byte[] array;
        if (ready == null || ready.isEmpty()) {
            array = new byte[length];
        } else {
            array = ready.pop();
            Arrays.fill(array, (byte) 0);
        }
        taken.add(array);
        return array;
    }

    /** All arrays that were taken may be used again. */
    void giveBack() {
        for (byte[] array : taken) {
            free.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
        }
        taken.clear();
    }
}
