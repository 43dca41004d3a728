package dev.fewbit.model.decoder;

import java.util.function.IntPredicate;

/** Which layers of Qwen2 and Qwen3 see a window: from {@code max_window_layers} on, and only where {@code use_sliding_window} says so. */
final class QwenWindows {
    private QwenWindows() {}

    static ConfigValues filled(ConfigValues config) {
        return config.flag("use_sliding_window", false)
                ? config.or("sliding_window", 4096)
                : config.without("sliding_window");
    }

    static IntPredicate layers(ConfigValues config) {
        int first = config.count("max_window_layers", 28);
        return layer -> layer >= first;
    }
}
