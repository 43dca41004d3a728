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
 * The grid of a specification: checkpoints × recipes make artifacts; artifacts and served models × benchmarks make cells.
 *
 * @param spec what was asked for
 * @param rows in order of models, then recipes
 */
public record StudyGrid(StudySpec spec, List<Row> rows) {
    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /**
     * A checkpoint under a recipe, or a served model.
     *
     * @param recipe {@code null} of a served model
     */
    public record Row(ModelSpec model, Recipe recipe) {
        int bits() {
            return model.served() ? model.generator().bits() : recipe.bits();
        }

        String method() {
            return model.served() ? model.generator().label() : recipe.method().label();
        }

        String calibration() {
            return model.served() ? null : recipe.calibratedOn();
        }
    }

    /**
     * Lays out the grid.
     *
     * @param mostCells a grid with more is refused
     * @throws InvalidSpecException when the grid is too large
     */
    public static StudyGrid of(StudySpec spec, int mostCells) {
        long served = spec.models().stream().filter(ModelSpec::served).count();
        long cells = ((spec.models().size() - served) * spec.recipes().size() + served)
                * spec.benchmarks().size();
        if (cells > mostCells) {
            throw new InvalidSpecException("models × recipes × benchmarks", cells + " cells", "at most " + mostCells);
        }
        List<Row> rows = new ArrayList<>();
        for (ModelSpec model : spec.models()) {
            if (model.served()) {
                rows.add(new Row(model, null));
            } else {
                spec.recipes().forEach(recipe -> rows.add(new Row(model, recipe)));
            }
        }
        return new StudyGrid(spec, List.copyOf(rows));
    }

    /** How many cells it has. */
    public int size() {
        return rows.size() * spec.benchmarks().size();
    }

    /** How many artifacts it needs. */
    public int artifacts() {
        return (int) rows.stream().filter(row -> !row.model().served()).count();
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
        for (Row row : rows) {
            for (BenchmarkSpec benchmark : spec.benchmarks()) {
                cells.add(new PlannedCell(
                        row.model().name(),
                        row.bits(),
                        row.method(),
                        row.calibration(),
                        benchmark.language(),
                        benchmark.name(),
                        benchmark.choose() == null ? null : benchmark.choose().problems(),
                        spec.samples()));
            }
        }
        return new StudyPlan(spec.name(), artifacts(), cells);
    }
}
