package dev.fewbit.contracts.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.PlainText;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.recipe.Recipe;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A study: the grid models × recipes × benchmarks, with the same number of samples a problem in every cell. To served models no
 * recipe applies: each makes one row.
 *
 * @param name free text of 1 to 200 characters
 * @param models checkpoints to quantize, and models that are served elsewhere
 * @param recipes how to quantize each checkpoint; none where every model is served
 * @param benchmarks what each artifact is judged on
 * @param samples samples a problem (n), 1 to 1000; may be left to the decoding's n or preset
 * @param decoding how completions are drawn; the default samples as the study paper does (T 0.2, top_p 0.95, top_k 50)
 */
@JsonPropertyOrder({"name", "models", "recipes", "benchmarks", "samples", "decoding"})
public record StudySpec(
        @JsonProperty(value = "name", required = true) String name,
        @JsonProperty(value = "models", required = true) List<ModelSpec> models,
        @JsonProperty("recipes") List<Recipe> recipes,
        @JsonProperty(value = "benchmarks", required = true) List<BenchmarkSpec> benchmarks,
        @JsonProperty("samples") Integer samples,
        @JsonProperty("decoding") DecodingSpec decoding) {

    private static final int LONGEST_NAME = 200;
    private static final String ALLOWED_NAME = "1 to " + LONGEST_NAME + " characters, not blank";
    private static final int MOST_SAMPLES = 1000;

    public StudySpec {
        PlainText.require("name", name, ALLOWED_NAME);
        if (name.codePointCount(0, name.length()) > LONGEST_NAME) {
            throw new InvalidSpecException("name", PlainText.quoted(name), ALLOWED_NAME);
        }
        models = filled("models", models, ModelSpec::nameInReports);
        // Reports tell cells apart by method, width and calibration, whatever else a recipe says.
        recipes = models.stream().allMatch(ModelSpec::served)
                ? unused(recipes)
                : filled("recipes", recipes, StudySpec::nameInReports);
        benchmarks = filled(
                "benchmarks",
                benchmarks,
                benchmark -> benchmark.name() + " in " + benchmark.language().label());
        decoding = decoding == null ? DecodingSpec.standard() : decoding;
        if (samples == null && decoding.samples().isPresent()) {
            samples = decoding.samples().getAsInt();
        }
        if (samples == null || samples < 1 || samples > MOST_SAMPLES) {
            throw new InvalidSpecException("samples", samples, "1 to " + MOST_SAMPLES);
        }
        if (decoding.n() != null && !decoding.n().equals(samples)) {
            throw new InvalidSpecException("samples", samples, decoding.n() + ", as the decoding's n says");
        }
    }

    /** The same study with {@code n} samples a problem. */
    public StudySpec withSamples(int n) {
        return new StudySpec(name, models, recipes, benchmarks, n, decoding.n() == null ? decoding : decoding.withN(n));
    }

    private static List<Recipe> unused(List<Recipe> recipes) {
        if (recipes != null && !recipes.isEmpty()) {
            throw new InvalidSpecException(
                    "recipes", "given, but every model is served", "recipes where a model has a checkpoint");
        }
        return List.of();
    }

    private static String nameInReports(Recipe recipe) {
        String calibration = recipe.calibratedOn() == null ? "" : " on " + recipe.calibratedOn();
        return recipe.method().label() + " at " + recipe.bits() + " bits" + calibration;
    }

    private static <T> List<T> filled(String key, List<T> list, Function<T, String> nameInReports) {
        if (list == null || list.isEmpty()) {
            throw new InvalidSpecException(key, list == null ? null : "empty", "at least one entry");
        }
        Set<String> names = new HashSet<>();
        for (T entry : list) {
            if (entry == null) {
                throw new InvalidSpecException(key, "a list with an empty entry", "no empty entries");
            }
            String name = nameInReports.apply(entry);
            if (!names.add(name)) {
                throw new InvalidSpecException(
                        key,
                        "a list with two entries " + PlainText.quoted(name),
                        "entries that a report can tell apart");
            }
        }
        return List.copyOf(list);
    }
}
