package dev.fewbit.launcher.study;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.benchmark.InvalidBenchmarkException;
import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.FidelitySpec;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.study.ModelSpec;
import dev.fewbit.contracts.study.StudySpec;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.objectstore.Digests;
import dev.fewbit.yaml.InvalidYamlException;
import dev.fewbit.yaml.YamlRecords;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A study as the user wrote it, with its paths found. Relative paths start at the installation's root, or at the current directory
 * where that has such a file.
 *
 * @param spec with paths that the services understand
 */
public record StudyFile(StudySpec spec) {
    private static final int LONGEST_SLUG = 40;

    /** As the gateway computes it: JSON with sorted keys. */
    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /**
     * Reads a study.
     *
     * @param file YAML or JSON
     * @param samples replaces the file's number of samples a problem, where present
     * @param root the installation's root
     * @param workingDirectory of the user
     * @param data folder that holds a folder a benchmark, for benchmarks that the study names without a file
     * @throws LauncherException with exit code 2, when the file cannot be read or says something that is not allowed
     */
    public static StudyFile read(
            Path file, OptionalInt samples, Path root, Path workingDirectory, Optional<Path> data) {
        try {
            String text = Files.readString(file);
            StudySpec spec = new YamlRecords().read(text, StudySpec.class, file.toString());
            if (samples.isPresent()) {
                spec = spec.withSamples(samples.getAsInt());
            }
            return new StudyFile(new Paths(file, root, workingDirectory, data).found(spec));
        } catch (InvalidYamlException e) {
            throw LauncherException.usage(e.getMessage());
        } catch (InvalidSpecException e) {
            throw LauncherException.usage("--samples: " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw LauncherException.usage(file + ": no such study file");
        } catch (MalformedInputException e) {
            throw LauncherException.usage(file + ": not UTF-8 text");
        } catch (IOException e) {
            throw LauncherException.usage(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** Equal for equal specifications; the gateway shows the same in {@code StudyView.digest}. */
    public String digest() {
        try {
            return Digests.of(CANONICAL.writeValueAsString(spec));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a study's specification is plain JSON", e);
        }
    }

    /** The study's name as a directory name. */
    public String slug() {
        String slug = spec.name()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        String cut = slug.length() > LONGEST_SLUG ? slug.substring(0, LONGEST_SLUG) : slug;
        return cut.isEmpty() ? "study" : cut;
    }

    private record Paths(Path file, Path root, Path workingDirectory, Optional<Path> data) {
        StudySpec found(StudySpec spec) {
            List<ModelSpec> models = new ArrayList<>();
            for (ModelSpec model : spec.models()) {
                String key = "models[" + models.size() + "].checkpoint";
                models.add(model.served() ? model : new ModelSpec(model.name(), find(key, model.checkpoint(), true)));
            }
            List<BenchmarkSpec> benchmarks = new ArrayList<>();
            for (BenchmarkSpec benchmark : spec.benchmarks()) {
                benchmarks.add(found("benchmarks[" + benchmarks.size() + "].", benchmark));
            }
            List<Recipe> recipes = new ArrayList<>();
            for (Recipe recipe : spec.recipes()) {
                recipes.add(found("recipes[" + recipes.size() + "].", recipe));
            }
            return new StudySpec(spec.name(), models, recipes, benchmarks, spec.samples(), spec.decoding());
        }

        /** A benchmark without a file is read to its end: nothing is quantized for one that turns out to be broken. */
        private BenchmarkSpec found(String key, BenchmarkSpec benchmark) {
            if (benchmark.file() != null) {
                return new BenchmarkSpec(
                        benchmark.name(),
                        benchmark.language(),
                        find(key + "file", benchmark.file(), false),
                        benchmark.choose());
            }
            try {
                new BenchmarkLoader(root, data).scan(BenchmarkLoader.definition(benchmark), problem -> {});
                return benchmark;
            } catch (InvalidBenchmarkException e) {
                throw LauncherException.usage("%s: %sname: %s".formatted(file, key, e.getMessage()));
            }
        }

        private Recipe found(String key, Recipe recipe) {
            Recipe found = recipe;
            CalibrationSpec text = recipe.calibration();
            if (text != null && text.file() != null) {
                found = found.withCalibration(text.withFile(findText(key + "calibration.file", text.file(), true)));
            }
            FidelitySpec fidelity = recipe.fidelity();
            if (fidelity != null) {
                found = found.withFidelity(new FidelitySpec(
                        findText(key + "fidelity.code", fidelity.code(), false),
                        findText(key + "fidelity.text", fidelity.text(), false)));
            }
            return found;
        }

        /** A text may be a folder of source files where {@code folders} says so. */
        private String findText(String key, String path, boolean folders) {
            if (path == null) {
                return null;
            }
            boolean folder = folders
                    && (Files.isDirectory(workingDirectory.resolve(path)) || Files.isDirectory(root.resolve(path)));
            return find(key, path, folder);
        }

        private String find(String key, String path, boolean directory) {
            Path here = workingDirectory.resolve(path).normalize();
            Path atRoot = root.resolve(path).normalize();
            if (!here.equals(atRoot) && isThere(here, directory)) {
                return here.toString();
            }
            if (isThere(atRoot, directory)) {
                return path;
            }
            String kind = directory ? "directory" : "file";
            String places = here.equals(atRoot) ? here.toString() : here + " or " + atRoot;
            throw LauncherException.usage(
                    "%s: %s is %s; allowed: an existing %s (there is no %s)".formatted(file, key, path, kind, places));
        }

        private static boolean isThere(Path path, boolean directory) {
            return directory ? Files.isDirectory(path) : Files.isRegularFile(path);
        }
    }
}
