package dev.fewbit.quantizer.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.quantizer.artifact.ArtifactTexts;
import dev.fewbit.quantizer.artifact.BuildObserver;
import dev.fewbit.quantizer.artifact.Device;
import dev.fewbit.quantizer.artifact.LocalQuantization;
import dev.fewbit.quantizer.fidelity.BaselineStates;
import dev.fewbit.quantizer.overlap.Decontamination;
import java.nio.file.Path;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reference model, quantized on both devices. */
class CudaQuantizationIT {
    private static final Path ROOT = Path.of(System.getProperty("fewbit.root"));
    private static final CalibrationSpec CODE = new CalibrationSpec("code", null, 64, 512, null);
    /** What the two devices may differ in: the last bits of sums turn into other codes here and there. */
    private static final Percentage TWO_PERCENT = Percentage.withPercentage(2);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"GPTQ", "GPTQ_PLUS"})
    void shouldBeAsFaithfulAsTheProcessorAndTheSameTwice(Method method) {
        // Given
        Gpu.open().close();
        Recipe recipe = new Recipe(method, 4, 64, false, CODE, null);

        // When
        ArtifactManifest cpu = quantized(recipe, Device.CPU, "cpu");
        ArtifactManifest cuda = quantized(recipe, Device.CUDA, "cuda");
        ArtifactManifest again = quantized(recipe, Device.CUDA, "again");

        // Then
        System.out.printf(
                "%s: KL cpu %.6f, cuda %.6f%n",
                method, cpu.fidelity().code().klMean(), cuda.fidelity().code().klMean());
        assertFaithful(cuda, cpu);
        assertThat(again).isEqualTo(cuda);
        assertThat(cuda.provenance().deviceClass()).matches("cpu-[a-z0-9]+\\+cuda-[a-z0-9-]+");
        assertThat(cuda.provenance().versions()).containsKeys("cublas", "nvrtc", "openblas");
        assertThat(cpu.provenance().deviceClass()).matches("cpu-[a-z0-9]+");
    }

    @Test
    void shouldDoAwqWhenAskedTo() {
        // Given
        Gpu.open().close();
        Recipe recipe = new Recipe(Method.AWQ, 4, 64, false, new CalibrationSpec("code", null, 16, 256, null), null);

        // When
        ArtifactManifest cpu = quantized(recipe, Device.CPU, "cpu");
        ArtifactManifest cuda = quantized(recipe, Device.CUDA, "cuda");

        // Then
        assertFaithful(cuda, cpu);
    }

    private static void assertFaithful(ArtifactManifest cuda, ArtifactManifest cpu) {
        assertThat(cuda.fidelity().code().klMean())
                .isPositive()
                .isCloseTo(cpu.fidelity().code().klMean(), TWO_PERCENT);
    }

    private ArtifactManifest quantized(Recipe recipe, Device device, String name) {
        ArtifactTexts texts =
                new ArtifactTexts(ROOT, Decontamination.REPORTED, new BaselineStates(directory.resolve("cache")));
        return new LocalQuantization(texts, device)
                .quantize(
                        ROOT.resolve("reference-model/checkpoint"),
                        recipe,
                        directory.resolve(name),
                        false,
                        BuildObserver.NONE);
    }
}
