package dev.fewbit.quantizer.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.artifact.ArtifactProvenance;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.artifact.BenchmarkOverlap;
import dev.fewbit.contracts.artifact.CalibrationProvenance;
import dev.fewbit.contracts.artifact.Fidelity;
import dev.fewbit.contracts.artifact.LayerError;
import dev.fewbit.contracts.artifact.TextFidelity;
import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.WidthOverride;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArtifactTableTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    @Test
    void shouldShowTextsOverlapFidelityAndEachLinearsOwnWidth() {
        // Given
        ArtifactManifest manifest = new ArtifactManifest(
                1,
                new Recipe(
                        Method.GPTQ,
                        2,
                        64,
                        false,
                        new CalibrationSpec("mixed", null, 128, 512, 0L),
                        null,
                        List.of(new WidthOverride("layers.*.mlp.down_proj", 4)),
                        null,
                        null,
                        null),
                "LlamaForCausalLM",
                new ArtifactSizes(
                        2_000_000, 5_000_000, "ONNX Runtime 1.29, CPU, exact mode", 1_900_000, 1_000_000, 2.25),
                List.of(
                        new LayerError("model.layers.0.mlp.up_proj.weight", 2, 0.5),
                        new LayerError("model.layers.0.mlp.down_proj.weight", 4, 0.0625)),
                new Fidelity(
                        new TextFidelity(1.5, 1.25, 0.125, 1.5, 0.875, 32_803),
                        new TextFidelity(69.5, 59.0, 0.25, 2.5, 0.5, 33_241)),
                Map.of("weights.bin", DIGEST),
                new ArtifactProvenance(
                        DIGEST,
                        DIGEST,
                        new CalibrationProvenance(
                                "mixed",
                                128,
                                512,
                                0,
                                1,
                                156,
                                DIGEST,
                                List.of(new BenchmarkOverlap("mceval", DIGEST, 95, 1, 2, "a and b: c"))),
                        Map.of("code", DIGEST, "text", DIGEST),
                        "0.2.0",
                        "cpu-cooperlake",
                        Map.of("jdk", "25")));

        // When
        String table = new ArtifactTable().render(manifest);

        // Then
        assertThat(table).isEqualToNormalizingNewlines("""
                recipe       2 bits, gptq, block 64, asymmetric, layers.*.mlp.down_proj 4 bits
                architecture LlamaForCausalLM
                stored             2,000,000 bytes  model.onnx and weights.bin
                resident           5,000,000 bytes  ONNX Runtime 1.29, CPU, exact mode
                ideal              1,900,000 bytes  codes, scales and zero points at their nominal widths
                linears            1,000,000 bytes  2.250 bits a weight, stored
                checkpoint   0123456789ab…
                calibration  mixed, 128 windows of 512 tokens from 156 documents, seed 0, BOS 1, 0123456789ab…
                overlap      mceval: 1 of 95 problems share ten words in a row with 2 documents
                made by      fewbit 0.2.0 on cpu-cooperlake

                fidelity    KL mean    KL 99 %  same top token  perplexity  at 16 bits    tokens
                code        0.12500     1.5000         87.50 %      1.5000      1.2500    32,803
                text        0.25000     2.5000         50.00 %     69.5000     59.0000    33,241

                linear                               bits  relative error
                model.layers.0.mlp.up_proj.weight       2         0.50000
                model.layers.0.mlp.down_proj.weight     4         0.06250
                """);
    }
}
