package dev.fewbit.evaluator.energy;

import dev.fewbit.evaluator.EvaluatorConfig;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a kWh stands for here, as configured; checked when the service starts. */
@Startup
@ApplicationScoped
public class Grid {
    private static final String PREFIX = "fewbit.evaluator.";

    private final OptionalDouble intensity;
    private final Optional<String> source;

    /** @throws IllegalArgumentException when only one of intensity and source is given, or the intensity is none */
    Grid(EvaluatorConfig config) {
        intensity = config.gridIntensity();
        source = config.gridSource();
        if (intensity.isPresent() && !(intensity.getAsDouble() >= 0 && intensity.getAsDouble() < Double.MAX_VALUE)) {
            throw new IllegalArgumentException(PREFIX + "grid-intensity is " + intensity.getAsDouble()
                    + "; expected grams of CO2 equivalents a kWh, 0 or more");
        }
        if (intensity.isPresent() != source.isPresent()) {
            throw new IllegalArgumentException(PREFIX + (intensity.isPresent() ? "grid-source" : "grid-intensity")
                    + " is missing; intensity and its source are given together or not at all");
        }
    }

    /** Grams of CO2 equivalents a kWh, or null. */
    public Double intensity() {
        return intensity.isPresent() ? (Double) intensity.getAsDouble() : null;
    }

    /** Who says so, or null. */
    public String source() {
        return source.orElse(null);
    }
}
