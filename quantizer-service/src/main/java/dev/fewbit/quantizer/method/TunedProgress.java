package dev.fewbit.quantizer.method;

import dev.fewbit.quantizer.training.TrainingObserver;
import dev.fewbit.quantizer.work.WorkObserver;
import dev.fewbit.quantizer.work.WorkStep;
import java.util.Locale;

/**
 * How far {@code gptq+tuned} is. Its linears are all finished at once, behind the training: until then as many are told to be as its share of
 * the work would make.
 */
final class TunedProgress implements WorkObserver, TrainingObserver {
    /** Share of the work that is over when the training begins: on the reference model 45 s of 1,000. */
    private static final double BEFORE_TRAINING = 0.05;

    private final WorkObserver observer;
    private final int linears;

    /** @param linears of the decoder */
    TunedProgress(WorkObserver observer, int linears) {
        this.observer = observer;
        this.linears = linears;
    }

    @Override
    public void working(WorkStep step) {
        observer.working(new WorkStep(
                step.stage(), step.current(), (int) (BEFORE_TRAINING * step.linears()), step.total(), step.share()));
    }

    @Override
    public void note(String line) {
        observer.note(line);
    }

    @Override
    public void stepped(int step, int steps, double loss, double best) {
        double share = (double) step / steps;
        observer.working(new WorkStep(
                "training",
                String.format(Locale.ROOT, "step %d of %d, KL %.4f, best %.4f", step, steps, loss, best),
                (int) ((BEFORE_TRAINING + (1 - BEFORE_TRAINING) * share) * linears),
                linears,
                share));
    }
}
