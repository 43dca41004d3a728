package dev.fewbit.model.resident;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names of kinds of devices, for the identity of what was computed on them: a GPU's chip, without maker, memory and form. */
final class DeviceClass {
    static final String PROCESSOR = "cpu";

    private static final Set<String> BRANDS = Set.of("nvidia", "tesla", "geforce", "quadro");
    /** What comes behind a chip's name says how it is built in. */
    private static final String FORM = "\\d+gb|hbm\\d\\w*|sxm\\d*|pcie|nvl|mig|laptop|generation";

    private DeviceClass() {}

    /** {@code cuda-h100} for {@code NVIDIA H100 80GB HBM3}, {@code cuda-rtx-4090} for {@code NVIDIA GeForce RTX 4090}. */
    static String ofGpu(String name) {
        List<String> words = new ArrayList<>(List.of("cuda"));
        for (String word : name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")) {
            if (word.matches(FORM)) {
                break;
            }
            if (!word.isEmpty() && !BRANDS.contains(word)) {
                words.add(word);
            }
        }
        return String.join("-", words);
    }
}
