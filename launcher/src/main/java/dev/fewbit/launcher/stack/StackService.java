package dev.fewbit.launcher.stack;

import dev.fewbit.launcher.supervisor.JavaCommand;
import java.util.List;

/** The four services, in the order in which they are started. */
public enum StackService {
    SANDBOX("sandbox-service", "sandbox", "256m", JavaCommand.QUICK_START),
    QUANTIZER("quantizer-service", "quantizer", "1g", List.of()),
    EVALUATOR("evaluator-service", "evaluator", "1g", List.of()),
    GATEWAY("gateway", "gateway", "256m", JavaCommand.QUICK_START);

    private final String module;
    private final String key;
    private final String heap;
    private final List<String> options;

    StackService(String module, String key, String heap, List<String> options) {
        this.module = module;
        this.key = key;
        this.heap = heap;
        this.options = options;
    }

    /** The module, which is also the child's name and its log's. */
    public String module() {
        return module;
    }

    /** The second word of its configuration keys and the name of its port. */
    public String key() {
        return key;
    }

    /** Largest heap; the sessions of ONNX Runtime live outside of it. */
    String heap() {
        return heap;
    }

    List<String> options() {
        return options;
    }
}
