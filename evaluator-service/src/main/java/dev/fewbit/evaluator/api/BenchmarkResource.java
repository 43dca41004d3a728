package dev.fewbit.evaluator.api;

import dev.fewbit.benchmark.BenchmarkCatalog;
import dev.fewbit.benchmark.BenchmarkDefinitions;
import dev.fewbit.benchmark.BenchmarkListing;
import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.contracts.evaluation.BenchmarkView;
import dev.fewbit.evaluator.EvaluatorConfig;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code /api/v1/benchmarks}: whether a benchmark's file is here, which the gateway asks before it lets a study begin. */
@Path("/api/v1/benchmarks/{name}")
@Blocking
public class BenchmarkResource {
    private final BenchmarkLoader loader;

    BenchmarkResource(EvaluatorConfig config) {
        this.loader = new BenchmarkLoader(config.root(), config.benchmarks());
    }

    /** The benchmark called {@code name}; its file is read to its end. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public BenchmarkView benchmark(@PathParam("name") String name) {
        BenchmarkListing found = BenchmarkDefinitions.find(name)
                .map(definition -> BenchmarkCatalog.look(loader, definition))
                .orElseThrow(() -> new NotFoundException("there is no benchmark " + name));
        return new BenchmarkView(found.name(), found.available(), found.problems(), found.reason());
    }
}
