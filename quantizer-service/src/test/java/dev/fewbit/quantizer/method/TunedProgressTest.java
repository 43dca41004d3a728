package dev.fewbit.quantizer.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.quantizer.work.WorkObserver;
import dev.fewbit.quantizer.work.WorkStep;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TunedProgressTest {
    private final List<WorkStep> steps = new ArrayList<>();
    private final TunedProgress progress = new TunedProgress(
            new WorkObserver() {
                @Override
                public void working(WorkStep step) {
                    steps.add(step);
                }
            },
            200);

    @Test
    void shouldTellFewLinearsFinishedBeforeTheTrainingAndAllBehindIt() {
        // When: all layers rounded, then a training of 400 steps
        progress.working(new WorkStep("layers", "layer 2 of 2, mlp.down_proj", 200, 200, 1));
        progress.stepped(0, 400, 0.5, 0.5);
        progress.stepped(200, 400, 0.25, 0.125);
        progress.stepped(400, 400, 0.25, 0.0625);

        // Then: 5 % of the work lies before the training
        assertThat(steps)
                .containsExactly(
                        new WorkStep("layers", "layer 2 of 2, mlp.down_proj", 10, 200, 1),
                        new WorkStep("training", "step 0 of 400, KL 0.5000, best 0.5000", 10, 200, 0),
                        new WorkStep("training", "step 200 of 400, KL 0.2500, best 0.1250", 105, 200, 0.5),
                        new WorkStep("training", "step 400 of 400, KL 0.2500, best 0.0625", 200, 200, 1));
    }
}
