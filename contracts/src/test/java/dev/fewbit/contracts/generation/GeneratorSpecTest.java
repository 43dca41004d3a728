package dev.fewbit.contracts.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.SecretKeys;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.study.ModelSpec;
import dev.fewbit.contracts.study.StudySpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorSpecTest {
    private static final OpenAiSpec SERVER = new OpenAiSpec("http://127.0.0.1:8080", "m-q4");
    private static final List<BenchmarkSpec> BENCHMARKS =
            List.of(new BenchmarkSpec("b", ProgramLanguage.PYTHON, "b.jsonl", null));

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080, http://127.0.0.1:8080",
        "http://127.0.0.1:8080/, http://127.0.0.1:8080",
        "https://models.example/v1/, https://models.example",
        "https://models.example/team/v1, https://models.example/team"
    })
    void shouldTakeOneServerForOneHoweverItsAddressIsWritten(String written, String address) {
        assertThat(new OpenAiSpec(written, "m").url()).isEqualTo(address);
    }

    @Test
    void shouldHaveTheDocumentedDefaults() {
        assertThat(SERVER).isEqualTo(new OpenAiSpec("http://127.0.0.1:8080", "m-q4", null, 4, 300, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://me:hunter2@models.example",
                "https://models.example/?api_key=hunter2",
                "http://m/#hunter2"
            })
    void shouldRefuseASecretInTheAddressWithoutShowingIt(String url) {
        assertThatThrownBy(() -> new OpenAiSpec(url, "m"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageStartingWith("url is an address with ")
                .hasMessageContaining("key_env")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"models.example:8000", "ftp://models.example", "http:///v1", "/v1"})
    void shouldRefuseWhatIsNoAddressOfAServer(String url) {
        assertThatThrownBy(() -> new OpenAiSpec(url, "m"))
                .hasMessage("url is '" + url
                        + "'; allowed: http://HOST:PORT or https://HOST, with a path where the server has one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-hunter2",
                "QUARKUS_DATASOURCE_PASSWORD",
                "FEWBIT_EVALUATOR_STORE",
                "FEWBIT_EVALUATOR_KEYS",
                ""
            })
    void shouldRefuseAKeyOrAnotherVariableWithoutShowingIt(String keyEnv) {
        assertThatThrownBy(() -> new OpenAiSpec("http://m", "m", keyEnv, null, null, null))
                .hasMessage(
                        "key_env is no name of a variable for keys (not shown: it may be a key); allowed: FEWBIT_EVALUATOR_KEY or that"
                                + " with a suffix such as _VLLM, a variable of the evaluator service");
    }

    @Test
    void shouldNameKeyValueAndAllowedWhenANumberIsNotAllowed() {
        assertThatThrownBy(() -> new OpenAiSpec("http://m", "m", null, 257, null, null))
                .hasMessage("concurrency is 257; allowed: 1 to 256");
        assertThatThrownBy(() -> new OpenAiSpec("http://m", "m", null, null, 0, null))
                .hasMessage("timeout_seconds is 0; allowed: 1 to 3600");
        assertThatThrownBy(() -> new GeneratorSpec(SERVER, 17, 1L, null))
                .hasMessage("bits is 17; allowed: 1 to 16, bits a weight of the served model");
        assertThatThrownBy(() -> new GeneratorSpec(SERVER, 4, null, null))
                .hasMessage("stored_bytes is missing; allowed: 1 or more, bytes of the served model's files");
        assertThatThrownBy(() -> new GeneratorSpec(null, 4, 1L, null))
                .hasMessage("openai is missing; allowed: a mapping with the keys url and model");
    }

    @Test
    void shouldBeCalledByItsMethodWhereThatIsSaid() {
        GeneratorSpec unnamed = new GeneratorSpec(SERVER, 4, 100L, null);
        GeneratorSpec named = new GeneratorSpec(SERVER, 4, 100L, "GGUF Q4_0");
        assertThat(unnamed.label()).isEqualTo("openai: m-q4");
        assertThat(named.label()).isEqualTo("openai: GGUF Q4_0");
        assertThat(unnamed.subject()).isEqualTo("openai: m-q4, 4 bits, 100 bytes");
        assertThat(named.subject()).isEqualTo("openai: m-q4, 4 bits, 100 bytes, GGUF Q4_0");
    }

    @Test
    void shouldStandBesideTheCheckpointWhoseNameItHas() {
        // Given
        ModelSpec checkpoint = new ModelSpec("m", "models/m");
        ModelSpec served = ModelSpec.of("m", new GeneratorSpec(SERVER, 4, 100L, "GGUF Q4_0"));
        List<Recipe> recipes = List.of(Recipe.baseline());
        // When, Then
        assertThat(new StudySpec("s", List.of(checkpoint, served), recipes, BENCHMARKS, 1, null).models())
                .containsExactly(checkpoint, served);
        assertThatThrownBy(() -> new StudySpec("s", List.of(served, served), null, BENCHMARKS, 1, null))
                .hasMessage(
                        "models is a list with two entries 'm by openai: GGUF Q4_0 at 4 bits'; allowed: entries that a report can"
                                + " tell apart");
    }

    @Test
    void shouldTakeRecipesOnlyWhereACheckpointIsQuantized() {
        ModelSpec served = ModelSpec.of("m", new GeneratorSpec(SERVER, 4, 100L, null));
        assertThat(new StudySpec("s", List.of(served), null, BENCHMARKS, 1, null).recipes())
                .isEmpty();
        assertThatThrownBy(() -> new StudySpec("s", List.of(served), List.of(Recipe.baseline()), BENCHMARKS, 1, null))
                .hasMessage(
                        "recipes is given, but every model is served; allowed: recipes where a model has a checkpoint");
        assertThatThrownBy(() -> new ModelSpec("m", "models/m", new GeneratorSpec(SERVER, 4, 100L, null)))
                .hasMessage("checkpoint is 'models/m'; allowed: a checkpoint or a generator, not both");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api_key", "apiKey", "API-KEY", "key", "token", "password", "authorization"})
    void shouldSayWhyAKeyThatStandsForASecretIsRefused(String key) {
        assertThat(SecretKeys.refusal(key))
                .hasValueSatisfying(why -> assertThat(why)
                        .isEqualTo(
                                "a study is stored and shown in reports and holds no secret: put it into an environment variable of the"
                                        + " evaluator service and name that in key_env"));
        assertThat(SecretKeys.refusal("modles")).isEmpty();
        assertThat(SecretKeys.refusal("key_env")).isEmpty();
    }
}
