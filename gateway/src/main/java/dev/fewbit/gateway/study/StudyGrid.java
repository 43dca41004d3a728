package dev.fewbit.gateway.study;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.study.ModelSpec;
import dev.fewbit.contracts.study.PlannedCell;
import dev.fewbit.contracts.study.StudyPlan;
import dev.fewbit.contracts.study.StudySpec;
import dev.fewbit.objectstore.Digests;
import java.util.ArrayList;
import java.util.List;

/**
 * The grid of a specification: models × recipes make artifacts, artifacts × benchmarks make cells.
 *
 * @param spec what was asked for
 * @param artifacts in order of models, then recipes
 */
public record StudyGrid(StudySpec spec, List<Artifact> artifacts) {
    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** A model under a recipe. */
    public record Artifact(ModelSpec model, Recipe recipe) {}

    /**
     * Lays out the grid.
     *
     * @param mostCells a grid with more is refused
     * @throws InvalidSpecException when the grid is too large
     */
    public static StudyGrid of(StudySpec spec, int mostCells) {
        long cells = (long) spec.models().size()
                * spec.recipes().size()
                * spec.benchmarks().size();
        if (cells > mostCells) {
            throw new InvalidSpecException("models × recipes × benchmarks", cells + " cells", "at most " + mostCells);
        }
        List<Artifact> artifacts = new ArrayList<>();
        for (ModelSpec model : spec.models()) {
            for (Recipe recipe : spec.recipes()) {
                artifacts.add(new Artifact(model, recipe));
            }
        }
        return new StudyGrid(spec, List.copyOf(artifacts));
    }

    /** How many cells it has. */
    public int size() {
        return artifacts.size() * spec.benchmarks().size();
    }

    /** SHA-256 of the specification with its defaults, as JSON with sorted keys: how a file is laid out does not matter. */
    public String digest() {
        try {
            return Digests.of(CANONICAL.writeValueAsString(spec));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a study's specification is plain JSON", e);
        }
    }

    /** What a dry run answers. */
    public StudyPlan plan() {
        List<PlannedCell> cells = new ArrayList<>();
        for (Artifact artifact : artifacts) {
            for (BenchmarkSpec benchmark : spec.benchmarks()) {
                cells.add(new PlannedCell(
                        artifact.model().name(),
                        artifact.recipe().bits(),
                        artifact.recipe().method(),
                        artifact.recipe().calibratedOn(),
                        benchmark.language(),
                        benchmark.name(),
                        benchmark.choose() == null ? null : benchmark.choose().problems(),
                        spec.samples()));
            }
        }
        return new StudyPlan(spec.name(), artifacts.size(), cells);
    }
}
