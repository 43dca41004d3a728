package dev.fewbit.evaluator.generation;

import dev.fewbit.evaluator.EvaluatorConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Claims work units, one after another, those of the loaded model first. */
@ApplicationScoped
public class GenerationWorker {
    private final String name = ProcessHandle.current().pid() + "-" + UUID.randomUUID();
    private final WorkUnits units;
    private final UnitProcessor processor;
    private final LoadedModel model;
    private final EvaluatorConfig config;
    private long lastWork = System.nanoTime();

    GenerationWorker(WorkUnits units, UnitProcessor processor, LoadedModel model, EvaluatorConfig config) {
        this.units = units;
        this.processor = processor;
        this.model = model;
        this.config = config;
    }

    /**
     * Works on the next unit.
     *
     * @param stopping says that the process ends; the unit in progress is then given back
     * @param stored told when there is something new to execute
     * @return whether there was a unit
     */
    public boolean workOnce(BooleanSupplier stopping, Runnable stored) {
        Optional<UnitClaim> claim =
                units.claim(name, model.key(), config.affinity(), Heartbeat.lease(config.heartbeat()));
        if (claim.isPresent()) {
            processor.process(claim.get(), stopping, stored);
            lastWork = System.nanoTime();
        } else if (System.nanoTime() - lastWork > config.keepLoaded().toNanos()) {
            model.unload();
        }
        return claim.isPresent();
    }

    /** Gives the model's memory back. */
    public void close() {
        model.unload();
    }
}
