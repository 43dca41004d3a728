package dev.fewbit.quantizer.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.ArchitectureFixtures;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.ForwardSupport;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import dev.fewbit.quantizer.streams.LayerInputs;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** awq on a tiny checkpoint of every architecture whose norms take factors. */
class FoldedArchitecturesTest {
    private static final int TOKENS = 48;

    static List<String> foldable() {
        return ArchitectureFixtures.names(
                decoder -> ForwardSupport.notFoldable(decoder).isEmpty());
    }

    @Test
    void shouldTakeThese() {
        assertThat(foldable())
                .containsExactly(
                        "codellama",
                        "deepseek-coder",
                        "granite",
                        "llama-3",
                        "mistral",
                        "phi-3-mini",
                        "phi-4-mini",
                        "qwen2-windowed",
                        "qwen2.5-coder",
                        "qwen3");
    }

    @ParameterizedTest
    @MethodSource("foldable")
    void shouldLeaveTheLogitsAsTheyAreWhenFoldedWithoutRounding(String fixture) {
        try (Arena arena = Arena.ofShared();
                Checkpoint checkpoint = Checkpoint.open(ArchitectureFixtures.DIRECTORY.resolve(fixture))) {
            // Given
            int[] ids = new SplittableRandom(5)
                    .ints(TOKENS, 0, checkpoint.config().vocabSize())
                    .toArray();
            DecoderForward original = new DecoderForward(arena, checkpoint, TOKENS);
            LayerWeights full = original.layer(0);
            ActivationAwareLayer layer = rounded(arena, checkpoint, full, ids);
            DecoderForward folded = original.fork();

            // When
            layer.folds()
                    .forEach((linear, fold) -> folded.layer(0).replace(linear, fold.apply(arena, full.linear(linear))));
            layer.norms().forEach((norm, gains) -> folded.layer(0).replace(norm, gains));

            // Then: biases of values, which are stored as they were, keep their rows from taking factors
            float[] queries = layer.folds().get(LayerLinear.QUERY).columns();
            assertThat(queries[0]).isNotEqualTo(queries[1]);
            assertThat(layer.folds().get(LayerLinear.UP).rows()).isNotNull();
            assertThat(layer.folds().get(LayerLinear.VALUE).rows() == null).isEqualTo(fixture.startsWith("qwen2"));
            assertThat(floats(folded.logits(arena, ids)))
                    .containsExactly(floats(original.logits(arena, ids)), within(1e-3f));
        }
    }

    private static ActivationAwareLayer rounded(Arena arena, Checkpoint checkpoint, LayerWeights full, int[] ids) {
        BlockGrid grid = new BlockGrid(new AsymmetricRange(3), 3, 32);
        ActivationAwareLayer layer = new ActivationAwareLayer(checkpoint.config(), 0, full, weight -> grid);
        DecoderLayer decoder = new DecoderLayer(checkpoint.config(), TOKENS);
        LayerWeights now = full.fork();
        Matrix stream = DecoderForward.embed(arena, checkpoint, ids);
        for (LayerInputs inputs : LayerInputs.values()) {
            Matrix read = Matrix.allocate(arena, TOKENS, inputs.width(checkpoint.config()));
            inputs.compute(decoder, now, stream, read);
            Matrix hessian = Matrix.allocate(arena, read.columns(), read.columns());
            Products.addTransposedTimes(read, read, hessian);
            layer.round(arena, inputs.linears(checkpoint.config()), hessian, magnitudes(read))
                    .forEach(now::replace);
            if (inputs.adds()) {
                decoder.add(now, inputs.linears().getFirst(), read, stream);
            }
        }
        return layer;
    }

    private static float[] magnitudes(Matrix read) {
        float[] magnitudes = new float[read.columns()];
        for (int row = 0; row < TOKENS; row++) {
            for (int i = 0; i < magnitudes.length; i++) {
                magnitudes[i] += Math.abs(read.get(row, i)) / TOKENS;
            }
        }
        return magnitudes;
    }

    private static float[] floats(Matrix matrix) {
        return matrix.data().toArray(ValueLayout.JAVA_FLOAT);
    }
}
