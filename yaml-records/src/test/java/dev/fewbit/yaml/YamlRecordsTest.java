package dev.fewbit.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.study.ModelSpec;
import dev.fewbit.contracts.study.StudySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlRecordsTest {
    private static final String STUDY = """
            name: A study
            models:
              - name: tiny
                checkpoint: some/checkpoint
            recipes:
              - {method: none, bits: 16}
              - {method: rtn, bits: 4, block_size: 32}
            benchmarks:
              - name: small
                language: python
                file: some/python.jsonl
                choose: {problems: 10}
            samples: 3
            decoding:
              temperature: 0
              mode: fast
            """;

    private final YamlRecords records = new YamlRecords();

    @Test
    void shouldReadNestedListsAndFillDefaults() {
        // When
        StudySpec study = records.read(STUDY, StudySpec.class, "study.yaml");

        // Then
        assertThat(study.name()).isEqualTo("A study");
        assertThat(study.recipes()).containsExactly(Recipe.baseline(), new Recipe(Method.RTN, 4, 32, false));
        assertThat(study.benchmarks().getFirst().language()).isEqualTo(ProgramLanguage.PYTHON);
        assertThat(study.benchmarks().getFirst().choose().stratum()).isEqualTo("stratum");
        assertThat(study.benchmarks().getFirst().choose().seed()).isZero();
        assertThat(study.decoding().temperature()).isZero();
        assertThat(study.decoding().topP()).isEqualTo(0.95);
        assertThat(study.decoding().mode()).isEqualTo(ExecutionMode.FAST);
    }

    @Test
    void shouldReadJsonAsTheSameStudy() {
        // Given
        String json = """
                {"name": "A study", "models": [{"name": "tiny", "checkpoint": "some/checkpoint"}],
                 "recipes": [{"method": "none", "bits": 16}, {"method": "rtn", "bits": 4, "block_size": 32}],
                 "benchmarks": [{"name": "small", "language": "python", "file": "some/python.jsonl",
                                 "choose": {"problems": 10}}],
                 "samples": 3, "decoding": {"temperature": 0, "mode": "fast"}}
                """;

        // Then
        assertThat(records.read(json, StudySpec.class, "study.json"))
                .isEqualTo(records.read(STUDY, StudySpec.class, "study.yaml"));
    }

    @Test
    void shouldNameTheNearestKeyAndItsPlaceWhenAKeyIsMisspelt() {
        assertRefused(
                STUDY.replace("models:", "modles:"), "study.yaml:2:1: unknown key 'modles'; did you mean 'models'?");
    }

    @Test
    void shouldFindAMisspeltKeyInsideAList() {
        assertRefused(
                STUDY.replace("block_size", "blocksize"),
                "study.yaml:7:28: unknown key 'blocksize'; did you mean 'block_size'?");
    }

    @Test
    void shouldListTheKnownKeysWhenNoneIsNear() {
        assertRefused(
                "nonsense: 1\n",
                "study.yaml:1:1: unknown key 'nonsense'; known keys: name, models, recipes, benchmarks, samples, decoding");
    }

    @Test
    void shouldReadAServedModel() {
        // Given
        String yaml = STUDY.replace("recipes:\n", """
                  - name: tiny
                    generator:
                      openai: {url: "http://127.0.0.1:8080", model: m-q4, key_env: FEWBIT_EVALUATOR_KEY}
                      bits: 4
                      stored_bytes: 2400000
                      method: GGUF Q4_0
                recipes:
                """);
        // When, Then
        assertThat(records.read(yaml, StudySpec.class, "study.yaml").models())
                .last()
                .isEqualTo(ModelSpec.of(
                        "tiny",
                        new GeneratorSpec(
                                new OpenAiSpec(
                                        "http://127.0.0.1:8080", "m-q4", "FEWBIT_EVALUATOR_KEY", null, null, null),
                                4,
                                2_400_000L,
                                "GGUF Q4_0")));
    }

    @Test
    void shouldSayWhyWhenAKeyStandsForASecret() {
        assertRefused(
                "models: [{name: m, generator: {openai: {url: \"http://h\", model: m, api_key: hunter2}}}]",
                "study.yaml:1:68: unknown key 'api_key'; a study is stored and shown in reports and holds no secret: put it into an"
                        + " environment variable of the evaluator service and name that in key_env");
    }

    @Test
    void shouldRefuseAKeyThatStandsTwice() {
        assertRefused(STUDY + "samples: 4\n", "study.yaml:17:1: key 'samples' stands here a second time");
    }

    @Test
    void shouldListTheAllowedValuesWhenAMethodIsUnknown() {
        assertRefused(
                STUDY.replace("method: rtn", "method: round"),
                "study.yaml:7:14: recipes[1].method is round; allowed: none, rtn, awq, gptq, gptq+, gptq+tuned");
    }

    @Test
    void shouldListTheAllowedValuesAsTheyAreWrittenWhenALanguageIsUnknown() {
        assertRefused(
                STUDY.replace("language: python", "language: cobol"),
                "study.yaml:10:15: benchmarks[0].language is cobol; allowed: python, java");
    }

    @Test
    void shouldRefuseFiveBits() {
        assertRefused(
                STUDY.replace("bits: 4", "bits: 5"),
                "study.yaml:7:25: recipes[1].bits is 5; allowed: 8, 4, 3 or 2 with method rtn");
    }

    @Test
    void shouldRefuseABlockOf48() {
        assertRefused(
                STUDY.replace("block_size: 32", "block_size: 48"),
                "study.yaml:7:40: recipes[1].block_size is 48; allowed: 32, 64 or 128");
    }

    @Test
    void shouldNameTheListItemThatMissesAKey() {
        assertRefused(
                STUDY.replace("    language: python\n", ""),
                "study.yaml:9:5: benchmarks[0].language is missing; allowed: python or java");
    }

    @Test
    void shouldRefuseANegativeNumberOfSamples() {
        assertRefused(
                STUDY.replace("samples: 3", "samples: -3"), "study.yaml:13:10: samples is -3; allowed: 1 to 1000");
    }

    @Test
    void shouldRefuseAFractionWhereAWholeNumberIsExpected() {
        assertRefused(
                STUDY.replace("samples: 3", "samples: 2.5"),
                "study.yaml:13:10: samples is 2.5; allowed: a whole number");
    }

    @Test
    void shouldRefuseTextWhereANumberIsExpected() {
        assertRefused(
                STUDY.replace("samples: 3", "samples: three"),
                "study.yaml:13:10: samples is three; allowed: a whole number");
    }

    @Test
    void shouldRefuseANumberThatDoesNotFit() {
        assertRefused(
                STUDY.replace("samples: 3", "samples: 99999999999"),
                "study.yaml:13:10: samples is 99999999999; allowed: a whole number");
    }

    @Test
    void shouldRefuseAnEmptyGrid() {
        assertRefused(
                STUDY.replaceAll("(?s)recipes:.*benchmarks:", "recipes: []\nbenchmarks:"),
                "study.yaml:5:10: recipes is empty; allowed: at least one entry");
    }

    @Test
    void shouldRefuseOneThingWhereAListIsExpected() {
        assertRefused(
                STUDY.replaceAll("(?s)recipes:.*benchmarks:", "recipes: {method: none, bits: 16}\nbenchmarks:"),
                "study.yaml:5:10: recipes is a mapping; allowed: a list");
    }

    @Test
    void shouldRefuseTextWhereAMappingIsExpected() {
        assertRefused(
                STUDY.replaceAll("(?s)decoding:.*", "decoding: greedy\n"),
                "study.yaml:14:11: decoding is greedy; allowed: a mapping with the keys preset, temperature, top_p, "
                        + "top_k, max_new_tokens, max_length, stop, seed, mode, prompt, n");
    }

    @Test
    void shouldRefuseAnEntryThatIsNoMapping() {
        assertRefused(
                STUDY.replace("  - {method: none, bits: 16}", "  - 16 bits"),
                "study.yaml:6:5: recipes[0] is 16 bits; allowed: a mapping with the keys method, bits, block_size, symmetric, "
                        + "calibration, embedding_bits, overrides, clipping, fidelity, steps");
    }

    @Test
    void shouldRefuseAnEntryLeftEmpty() {
        assertRefused(
                STUDY.replace("  - {method: none, bits: 16}", "  -"),
                "study.yaml:6:4: recipes[0] is empty; allowed: a mapping with the keys method, bits, block_size, symmetric, "
                        + "calibration, embedding_bits, overrides, clipping, fidelity, steps");
    }

    @Test
    void shouldRefuseAListWhereAPathIsExpected() {
        assertRefused(
                STUDY.replace("checkpoint: some/checkpoint", "checkpoint: [a, b]"),
                "study.yaml:4:17: models[0].checkpoint is a list; allowed: text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# only a comment\n", "just words", "[1, 2]"})
    void shouldSayWhatIsExpectedWhenThereIsNoMapping(String text) {
        assertRefused(
                text,
                "study.yaml: a mapping with the keys name, models, recipes, benchmarks, samples, decoding is expected");
    }

    @Test
    void shouldRefuseASecondDocument() {
        assertThatThrownBy(() -> records.read(STUDY + "---\nname: B\n", StudySpec.class, "study.yaml"))
                .isInstanceOf(InvalidYamlException.class)
                .hasMessageStartingWith("study.yaml:17:1: ")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name: 'open", "name: a\n\tmodels: b", "{name: a", "name: &x [*x]", "name: *nowhere"})
    void shouldPlaceSyntaxErrorsOnOneLine(String text) {
        assertThatThrownBy(() -> records.read(text, StudySpec.class, "study.yaml"))
                .isInstanceOf(InvalidYamlException.class)
                .hasMessageStartingWith("study.yaml:")
                .hasMessageNotContaining("\n")
                .message()
                .matches(message -> message.length() < 200);
    }

    @Test
    void shouldRefuseATextOfNothingButBrackets() {
        // Built into a tree, it would overflow the stack.
        assertRefused("name: " + "[".repeat(100_000), "study.yaml:1:38: nested more than 32 deep");
    }

    @Test
    void shouldTakeWordsForTextAsYaml12Does() {
        // "no" is text in YAML 1.2, where 1.1 had a boolean.
        assertThat(records.read(STUDY.replace("A study", "no"), StudySpec.class, "study.yaml")
                        .name())
                .isEqualTo("no");
    }

    @Test
    void shouldTakeANumberForANameAsTheTextThatStandsThere() {
        assertThat(records.read(STUDY.replace("A study", "2503.07103"), StudySpec.class, "study.yaml")
                        .name())
                .isEqualTo("2503.07103");
        assertThat(records.read(STUDY.replace("A study", "007"), StudySpec.class, "study.yaml")
                        .name())
                .isEqualTo("007");
    }

    private void assertRefused(String text, String message) {
        assertThatThrownBy(() -> records.read(text, StudySpec.class, "study.yaml"))
                .isInstanceOf(InvalidYamlException.class)
                .hasMessage(message);
    }
}
