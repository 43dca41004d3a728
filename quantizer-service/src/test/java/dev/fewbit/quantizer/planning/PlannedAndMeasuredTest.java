package dev.fewbit.quantizer.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans beside what was measured, and beside the study's files. */
class PlannedAndMeasuredTest {
    private static final double GIGA = 1e9;
    private static final String SEVEN_B = "codellama/CodeLlama-7b-hf";

    private final CheckpointPlanner planner = new CheckpointPlanner(2);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"Qwen/Qwen2.5-Coder-0.5B, 0.28, 0.19", "deepseek-ai/deepseek-coder-1.3b-base, 0.29, 0.13"})
    void shouldPlanNoLessThanRtnTook(String id, String planned, double measured) {
        // When
        long peak = plan(id, Recipe.roundToNearest(4)).quantizing().peakBytes();

        // Then
        assertThat(peak / GIGA).isBetween(measured, 3 * measured);
        assertThat(gigabytes(peak)).isEqualTo(planned);
        assertThat(new ModelsPage().render()).contains("| %s | %.2f |".formatted(planned, measured));
    }

    @Test
    void shouldPlanWhatGptqTook() throws IOException {
        // Given
        Path shape = Files.createDirectory(directory.resolve("smollm2-135m"));
        Files.writeString(shape.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 49152, "hidden_size": 576,
                 "intermediate_size": 1536, "num_hidden_layers": 30, "num_attention_heads": 9, "num_key_value_heads": 3,
                 "hidden_act": "silu", "rms_norm_eps": 1e-05, "max_position_embeddings": 8192, "rope_theta": 100000,
                 "tie_word_embeddings": true, "bos_token_id": 0, "eos_token_id": 0}
                """);

        // When
        long peak = plan(shape.toString(), calibrated(Method.GPTQ, 512))
                .quantizing()
                .peakBytes();

        // Then
        assertThat(peak / GIGA).isBetween(0.88, 1.1 * 0.88);
        assertThat(new ModelsPage().render()).contains("| %s | 0.88 |".formatted(gigabytes(peak)));
    }

    @Test
    void shouldPlanWhatServingTook() {
        long total = plan("Qwen/Qwen2.5-Coder-0.5B", Recipe.roundToNearest(4))
                .serving()
                .totalBytes();

        assertThat(total / GIGA).isBetween(1.77, 1.1 * 1.77);
        assertThat(new ModelsPage().render()).contains("| %s | 1.77 |".formatted(gigabytes(total)));
    }

    @Test
    void shouldCountStreamsOnDiskOnlyWhereTheyAreKept() {
        // Given
        long codes = plan(SEVEN_B, Recipe.roundToNearest(4)).sizes().linearStoredBytes();
        long files = plan(SEVEN_B, Recipe.roundToNearest(4)).quantizing().diskBytes();
        long gibibyte = 1L << 30; // 128 * 512 tokens * 4096 * 4 bytes

        // Then
        assertThat(disk(Method.GPTQ, 512)).isEqualTo(files + codes + 2 * gibibyte);
        assertThat(disk(Method.GPTQ, 1024)).isEqualTo(files + codes);
        assertThat(disk(Method.AWQ, 1024)).isEqualTo(files + codes + 4 * gibibyte);
    }

    /** How the study's files compare: its 8- and 4-bit models have 8.0 and 4.0 bits a weight as ours have 8.4 and 4.3, at 3 bits its codes take 4. */
    @ParameterizedTest
    @CsvSource({
        "codellama/CodeLlama-7b-hf, 8, -0.023",
        "codellama/CodeLlama-7b-hf, 4, 0.005",
        "codellama/CodeLlama-7b-hf, 3, -0.160",
        "codellama/CodeLlama-7b-hf, 2, 0.048",
        "codellama/CodeLlama-13b-hf, 2, 0.074",
        "codellama/CodeLlama-34b-hf, 2, 0.103",
        "deepseek-ai/deepseek-coder-1.3b-base, 2, 0",
        "deepseek-ai/deepseek-coder-6.7b-base, 8, -0.023",
        "deepseek-ai/deepseek-coder-6.7b-base, 4, 0.005",
        "deepseek-ai/deepseek-coder-6.7b-base, 3, -0.158",
        "deepseek-ai/deepseek-coder-6.7b-base, 2, 0.047",
        "deepseek-ai/deepseek-coder-33b-base, 2, 0.098"
    })
    void shouldBeSoMuchLargerThanTheStudysFile(String id, int bits, double more) {
        CheckpointPlan plan = plan(id, Recipe.roundToNearest(bits));

        assertThat(plan.sizes().storedBytes() / GIGA / plan.studyGigabytes() - 1)
                .isCloseTo(more, within(0.006));
    }

    @ParameterizedTest
    @CsvSource({
        "codellama/CodeLlama-7b-hf",
        "codellama/CodeLlama-13b-hf",
        "codellama/CodeLlama-34b-hf",
        "deepseek-ai/deepseek-coder-1.3b-base",
        "deepseek-ai/deepseek-coder-6.7b-base",
        "deepseek-ai/deepseek-coder-33b-base"
    })
    void shouldHaveTheStudysSizeAt16Bits(String id) {
        CheckpointPlan plan = plan(id, Recipe.baseline());

        assertThat(plan.sizes().storedBytes() / GIGA).isCloseTo(plan.studyGigabytes(), within(0.006));
    }

    private long disk(Method method, int length) {
        return plan(SEVEN_B, calibrated(method, length)).quantizing().diskBytes();
    }

    private CheckpointPlan plan(String checkpoint, Recipe recipe) {
        return planner.plan(checkpoint, recipe, 8, 2048);
    }

    private static Recipe calibrated(Method method, int length) {
        return new Recipe(method, 4, 64, false, new CalibrationSpec("random", null, 128, length, 0L), null);
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f", bytes / GIGA);
    }
}
