package dev.fewbit.gateway.samples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.BenchmarkView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Asks the evaluator for the benchmarks that a study names without a file, so that nothing is quantized in vain. */
@ApplicationScoped
public class BenchmarkCheck {
    private final EvaluatorClient evaluator;
    private final ObjectMapper mapper;

    BenchmarkCheck(EvaluatorClient evaluator, ObjectMapper mapper) {
        this.evaluator = evaluator;
        this.mapper = mapper;
    }

    /**
     * Returns when all of them can be used.
     *
     * @throws InvalidSpecException naming the first that cannot, and why
     * @throws EvaluatorUnavailableException when the evaluator does not say
     */
    public void require(List<BenchmarkSpec> benchmarks) {
        for (int i = 0; i < benchmarks.size(); i++) {
            BenchmarkSpec benchmark = benchmarks.get(i);
            if (benchmark.file() == null) {
                require("benchmarks[" + i + "].name", benchmark.name());
            }
        }
    }

    private void require(String key, String name) {
        BenchmarkView view = evaluator
                .benchmark(name)
                .map(this::read)
                .orElseThrow(() -> new InvalidSpecException(key, name, "a known benchmark, or one with a file"));
        if (!view.available()) {
            throw new InvalidSpecException(key, name, "a benchmark that the evaluator has: " + view.reason());
        }
    }

    private BenchmarkView read(String json) {
        try {
            return mapper.readValue(json, BenchmarkView.class);
        } catch (JsonProcessingException e) {
            throw new EvaluatorUnavailableException("the evaluator's answer for a benchmark cannot be read", e);
        }
    }
}
