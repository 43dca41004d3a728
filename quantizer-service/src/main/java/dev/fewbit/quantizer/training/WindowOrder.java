package dev.fewbit.quantizer.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which windows are trained on when. The last ones of the set are for validation; the others go by in passes, each shuffled by its own
 * seed, so that a step's batch follows from its number alone.
 */
final class WindowOrder {
    private final int[] validation;
    private final int training;
    private final int batch;
    private final long seed;

    /**
     * Written windows first, then those of the calibration set.
     *
     * @param windows of the calibration set; a single one is trained on and validated with
     * @param written windows, which are trained on in the place of the others
     */
    WindowOrder(int windows, int written, TrainingSpec spec) {
        int apart = apart(windows, spec);
        training = written > 0 ? written : windows - apart;
        validation = IntStream.range(apart == 0 ? 0 : windows - apart, windows)
                .map(window -> window + written)
                .toArray();
        batch = spec.batch();
        seed = spec.seed();
    }

    /** Windows of the calibration set that are only for validation. */
    static int apart(int windows, TrainingSpec spec) {
        return Math.min(spec.validation(), windows - 1);
    }

    int[] validation() {
        return validation.clone();
    }

    /** The windows of a step, counted from 1. */
    int[] batch(int step) {
        int[] windows = new int[batch];
        int passOfOrder = -1;
        List<Integer> order = List.of();
        for (int i = 0; i < batch; i++) {
            long position = (long) (step - 1) * batch + i;
            int pass = Math.toIntExact(position / training);
            if (pass != passOfOrder) {
                passOfOrder = pass;
                order = shuffled(pass);
            }
            windows[i] = order.get((int) (position % training));
        }
        return windows;
    }

    private List<Integer> shuffled(int pass) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, training).boxed().toList());
        // Its algorithm is specified to the bit, which is what a seed is worth.
        Collections.shuffle(order, new Random(seed + pass));
        return order;
    }
}
