package dev.fewbit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedConfigurationsTest {
    private final PublishedConfigurations published = new PublishedConfigurations();

    /** Counts as the Hub states them for the checkpoints' safetensors; for the study's six models twice the count is its 16-bit size. */
    @ParameterizedTest
    @CsvSource({
        "codellama/CodeLlama-7b-hf,             6738546688",
        "codellama/CodeLlama-13b-hf,            13016028160",
        "codellama/CodeLlama-34b-hf,            33743970304",
        "deepseek-ai/deepseek-coder-1.3b-base,  1346471936",
        "deepseek-ai/deepseek-coder-6.7b-base,  6740512768",
        "deepseek-ai/deepseek-coder-33b-base,   33342991360",
        "Qwen/Qwen2.5-Coder-0.5B,               494032768",
        "Qwen/Qwen2.5-Coder-1.5B,               1543714304",
        "Qwen/Qwen2.5-Coder-3B,                 3085938688",
        "Qwen/Qwen2.5-Coder-7B,                 7615616512",
        "Qwen/Qwen2.5-Coder-14B,                14770033664",
        "Qwen/Qwen2.5-Coder-32B,                32763876352",
        "bigcode/starcoder2-3b,                 3030371328",
        "bigcode/starcoder2-7b,                 7173923840",
        "bigcode/starcoder2-15b,                15957889024"
    })
    void shouldHaveTheParametersThatAreStatedWhenPublished(String id, long parameters) {
        assertThat(published.find(id).orElseThrow().decoder().parameters()).isEqualTo(parameters);
    }

    @Test
    void shouldHoldFifteenConfigurations() {
        assertThat(published.ids()).hasSize(15);
    }

    @Test
    void shouldFindAnIdWhateverItsCase() {
        assertThat(published.find("QWEN/qwen2.5-coder-7b")).isPresent();
        assertThat(published.find("codellama/CodeLlama-70b-hf")).isEmpty();
    }

    @Test
    void shouldNameTheNearestFirstWhenAnIdIsUnknown() {
        assertThat(published.nearest("codellama/CodeLlama-7b"))
                .hasSize(3)
                .first()
                .isEqualTo("codellama/CodeLlama-7b-hf");
        assertThat(published.nearest("bigcode/starcoder2-7")).first().isEqualTo("bigcode/starcoder2-7b");
    }
}
