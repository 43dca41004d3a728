package dev.fewbit.quantizer.method;

import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.work.WorkStep;
import java.util.List;

/** How far a walk through the layers is, for those who watch it. */
final class LayerSteps {
    static final String STAGE = "layers";

    private LayerSteps() {}

    /** The linears before {@code linear} of {@code layer} are done. */
    static WorkStep of(ModelConfig config, int layer, LayerLinear linear) {
        List<LayerLinear> linears = LayerLinear.of(config);
        int total = config.decoder().linears().size();
        int done = layer * linears.size() + linears.indexOf(linear);
        return new WorkStep(
                STAGE,
                "layer %d of %d, %s".formatted(layer + 1, config.layers(), linear.part()),
                done,
                total,
                (double) done / total);
    }
}
