package dev.fewbit.launcher.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.recipe.FidelitySpec;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.launcher.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyFileTest {
    private static final String STUDY = """
            name: Two widths, one language
            models:
              - {name: tiny, checkpoint: model}
            recipes:
              - {method: none, bits: 16}
              - {method: rtn, bits: 4}
            benchmarks:
              - {name: small, language: python, file: problems.jsonl}
            samples: 2
            """;

    @TempDir
    private Path temporary;

    private Path root;
    private Path here;
    private Path file;

    @BeforeEach
    void layOut() throws IOException {
        root = Files.createDirectories(temporary.resolve("root"));
        here = Files.createDirectories(temporary.resolve("here"));
        Files.createDirectories(root.resolve("model"));
        Files.writeString(root.resolve("problems.jsonl"), "");
        file = here.resolve("study.yaml");
        Files.writeString(file, STUDY);
    }

    @Test
    void shouldLeavePathsAtRootAndTakeSamplesFromOption() {
        // When
        StudyFile study = StudyFile.read(file, OptionalInt.of(5), root, here, Optional.empty());

        // Then
        assertThat(study.spec().samples()).isEqualTo(5);
        assertThat(study.spec().models().getFirst().checkpoint()).isEqualTo("model");
        assertThat(study.spec().benchmarks().getFirst().file()).isEqualTo("problems.jsonl");
        assertThat(study.slug()).isEqualTo("two-widths-one-language");
    }

    @Test
    void shouldLookForNoFilesOfAServedModel() throws IOException {
        // Given
        Files.writeString(file, STUDY.replace("recipes:", """
              - name: tiny
                generator: {openai: {url: "http://127.0.0.1:8081/v1", model: q4}, bits: 4, stored_bytes: 100}
            recipes:""".indent(0).stripTrailing()));

        // When
        StudyFile study = StudyFile.read(file, OptionalInt.empty(), root, here, Optional.empty());

        // Then
        assertThat(study.spec().models().getLast().checkpoint()).isNull();
        assertThat(study.spec().models().getLast().generator().openai().url()).isEqualTo("http://127.0.0.1:8081");
    }

    @Test
    void shouldMakePathAbsoluteWhenCurrentDirectoryHasIt() throws IOException {
        // Given
        Files.writeString(here.resolve("problems.jsonl"), "");

        // When
        StudyFile study = StudyFile.read(file, OptionalInt.empty(), root, here, Optional.empty());

        // Then
        assertThat(study.spec().benchmarks().getFirst().file())
                .isEqualTo(here.resolve("problems.jsonl").toString());
        assertThat(study.spec().models().getFirst().checkpoint()).isEqualTo("model");
    }

    @Test
    void shouldReadTheBenchmarkWhenItIsNamedWithoutAFile() throws IOException {
        // Given
        Path data = Files.createDirectories(temporary.resolve("data/multipl-e/prompts"));
        Files.writeString(data.resolve("mbpp-java-reworded.jsonl"), """
                {"name":"a","language":"java","prompt":"p","tests":"t","stop_tokens":[]}
                """);
        Files.writeString(
                file,
                STUDY.replace("name: small, language: python, file: problems.jsonl", "name: multipl-e-mbpp-java"));

        // When
        StudyFile study = StudyFile.read(file, OptionalInt.empty(), root, here, Optional.of(temporary.resolve("data")));

        // Then
        assertThat(study.spec().benchmarks().getFirst())
                .isEqualTo(new BenchmarkSpec("multipl-e-mbpp-java", ProgramLanguage.JAVA, null, null));
    }

    @Test
    void shouldSayWhereToPutTheFileWhenABenchmarkIsMissing() throws IOException {
        // Given
        Files.writeString(
                file, STUDY.replace("name: small, language: python, file: problems.jsonl", "name: mceval-java"));

        // When, Then
        assertThatThrownBy(() ->
                        StudyFile.read(file, OptionalInt.empty(), root, here, Optional.of(temporary.resolve("data"))))
                .isInstanceOf(LauncherException.class)
                .hasMessage(file + ": benchmarks[0].name: benchmark mceval-java needs the file "
                        + temporary.resolve("data/mceval/mceval_java.jsonl")
                        + ", which is not there; get it from https://github.com/Devy99/lowbit-quantization/raw/"
                        + "27a262048888e5919b1295d7ad8757796712500d/4-run-benchmarks/mceval/mceval_java.jsonl");
    }

    @Test
    void shouldFindTheTextsOfRecipes() throws IOException {
        // Given
        Files.createDirectory(here.resolve("sources"));
        Files.writeString(here.resolve("held.jsonl"), "");
        Files.writeString(root.resolve("prose.jsonl"), "");
        Files.writeString(file, STUDY.replaceFirst("recipes:\n", """
                recipes:
                  - method: gptq
                    bits: 3
                    calibration: {file: sources}
                    fidelity: {code: held.jsonl, text: prose.jsonl}
                    overrides: [{match: layers.*.mlp.down_proj, bits: 4}]
                  - {method: rtn, bits: 2, clipping: mse, fidelity: {}}
                """));

        // When
        List<Recipe> recipes = StudyFile.read(file, OptionalInt.empty(), root, here, Optional.empty())
                .spec()
                .recipes();

        // Then
        assertThat(recipes.get(0).calibration().file())
                .isEqualTo(here.resolve("sources").toString());
        assertThat(recipes.get(0).fidelity())
                .isEqualTo(new FidelitySpec(here.resolve("held.jsonl").toString(), "prose.jsonl"));
        assertThat(recipes.get(0).bitsOf("model.layers.3.mlp.down_proj.weight")).isEqualTo(4);
        assertThat(recipes.get(1).fidelity()).isEqualTo(new FidelitySpec(null, null));
        Files.delete(root.resolve("prose.jsonl"));
        assertThatThrownBy(() -> StudyFile.read(file, OptionalInt.empty(), root, here, Optional.empty()))
                .hasMessageContaining("recipes[0].fidelity.text is prose.jsonl; allowed: an existing file");
    }

    @Test
    void shouldHaveEqualDigestsWhenOnlyLayoutDiffers() throws IOException {
        // Given
        Path other = here.resolve("other.yaml");
        Files.writeString(other, "samples: 2   # n\n" + STUDY.replace("samples: 2\n", ""));

        // When
        String one = StudyFile.read(file, OptionalInt.empty(), root, here, Optional.empty())
                .digest();
        String two = StudyFile.read(other, OptionalInt.empty(), root, here, Optional.empty())
                .digest();
        String changed = StudyFile.read(file, OptionalInt.of(3), root, here, Optional.empty())
                .digest();

        // Then
        assertThat(two).isEqualTo(one).isNotEqualTo(changed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            samples: 2             | sample: 2              | unknown key 'sample'; did you mean 'samples'?
            samples: 2             | samples: -1            | samples is -1; allowed: 1 to 1000
            bits: 4                | bits: 5                | bits is 5; allowed: 8, 4, 3 or 2 with method rtn
            method: rtn            | method: gptx           | method is gptx; allowed: none, rtn, awq, gptq, gptq+, gptq+tuned
            checkpoint: model      | checkpoint: nowhere    | models[0].checkpoint is nowhere; allowed: an existing directory
            file: problems.jsonl   | file: none.jsonl       | benchmarks[0].file is none.jsonl; allowed: an existing file
            """)
    void shouldNameKeyValueAndWhatIsAllowedWhenStudyIsWrong(String right, String wrong, String message)
            throws IOException {
        // Given
        Files.writeString(file, STUDY.replace(right, wrong));

        // When / Then
        assertThatThrownBy(() -> StudyFile.read(file, OptionalInt.empty(), root, here, Optional.empty()))
                .isInstanceOfSatisfying(
                        LauncherException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void shouldNameFileWhenItIsMissing() {
        // When / Then
        assertThatThrownBy(() ->
                        StudyFile.read(here.resolve("no.yaml"), OptionalInt.empty(), root, here, Optional.empty()))
                .isInstanceOfSatisfying(
                        LauncherException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessage(here.resolve("no.yaml") + ": no such study file");
    }
}
