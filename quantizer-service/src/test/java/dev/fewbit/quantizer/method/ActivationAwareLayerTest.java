package dev.fewbit.quantizer.method;

import static dev.fewbit.quantizer.forward.LayerLinear.ATTENTION_OUTPUT;
import static dev.fewbit.quantizer.forward.LayerLinear.DOWN;
import static dev.fewbit.quantizer.forward.LayerLinear.GATE;
import static dev.fewbit.quantizer.forward.LayerLinear.KEY;
import static dev.fewbit.quantizer.forward.LayerLinear.QUERY;
import static dev.fewbit.quantizer.forward.LayerLinear.UP;
import static dev.fewbit.quantizer.forward.LayerLinear.VALUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.forward.DecoderLayer;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.matrix.Products;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the reference model, whose pairs of query heads share a key-value head. */
class ActivationAwareLayerTest {
    private static final Path REFERENCE = Path.of(System.getProperty("fewbit.root"), "reference-model", "checkpoint");
    private static final int LAYER = 3;
    private static final int TOKENS = 96;
    private static final int INNER = 704;

    private final Arena arena = Arena.ofShared();
    private Checkpoint checkpoint;
    private DecoderForward original;
    private int[] ids;
    /** The residual stream in front of the layer. */
    private Matrix stream;

    @BeforeEach
    void open() {
        checkpoint = Checkpoint.open(REFERENCE);
        original = new DecoderForward(arena, checkpoint, TOKENS);
        ids = new SplittableRandom(5)
                .ints(TOKENS, 0, checkpoint.config().vocabSize())
                .toArray();
        stream = DecoderForward.embed(arena, checkpoint, ids);
    }

    @AfterEach
    void close() {
        checkpoint.close();
        arena.close();
    }

    @Test
    void shouldLeaveTheLogitsAsTheyAreWhenFoldedWithoutRounding() {
        // Given
        ActivationAwareLayer layer = rounded(new Effective());
        DecoderForward folded = original.fork();

        // When
        layer.folds()
                .forEach((linear, fold) -> folded.layer(LAYER)
                        .replace(linear, fold.apply(arena, original.layer(LAYER).linear(linear))));
        layer.norms().forEach((norm, gains) -> folded.layer(LAYER).replace(norm, gains));

        // Then: factors are not all alike, logits are
        assertThat(layer.folds().get(QUERY).columns()[0])
                .isNotEqualTo(layer.folds().get(QUERY).columns()[1]);
        assertThat(layer.folds().get(VALUE).rows()).hasSize(128);
        assertThat(layer.folds().get(UP).rows()).hasSize(INNER);
        Matrix expected = original.logits(arena, ids);
        Matrix found = folded.logits(arena, ids);
        for (int row = 0; row < TOKENS; row++) {
            for (int i = 0; i < expected.columns(); i++) {
                assertThat(found.get(row, i)).isCloseTo(expected.get(row, i), within(1e-3f));
            }
        }
    }

    @Test
    void shouldStoreWhatItSaidTheLayerWouldCompute() {
        // Given
        Effective effective = new Effective();
        ActivationAwareLayer layer = rounded(effective);
        DecoderForward said = original.fork();
        DecoderForward stored = original.fork();

        // When
        for (LayerLinear linear : LayerLinear.values()) {
            said.layer(LAYER).replace(linear, effective.weights.linear(linear));
        }
        layer.linears()
                .forEach((linear, result) ->
                        stored.layer(LAYER).replace(linear, restored((BlockQuantizedWeight) result.weight())));
        layer.norms().forEach((norm, gains) -> stored.layer(LAYER).replace(norm, gains));

        // Then
        Matrix expected = said.logits(arena, ids);
        Matrix found = stored.logits(arena, ids);
        Matrix before = original.logits(arena, ids);
        double moved = 0;
        for (int row = 0; row < TOKENS; row++) {
            for (int i = 0; i < expected.columns(); i++) {
                assertThat(found.get(row, i)).isCloseTo(expected.get(row, i), within(1e-3f));
                moved = Math.max(moved, Math.abs(found.get(row, i) - before.get(row, i)));
            }
        }
        assertThat(moved).isGreaterThan(0.1);
        assertThat(layer.norms()).hasSize(2);
    }

    @Test
    void shouldShareTheFactorsOfValuesAmongTheHeadsOfAGroup() {
        // When
        ActivationAwareLayer layer = rounded(new Effective());

        // Then: heads 0 and 1 read key-value head 0, heads 2 and 3 read 1
        float[] columns = layer.folds().get(ATTENTION_OUTPUT).columns();
        float[] rows = layer.folds().get(VALUE).rows();
        for (int head = 0; head < 4; head++) {
            for (int i = 0; i < 64; i++) {
                assertThat(columns[head * 64 + i]).isEqualTo(rows[head / 2 * 64 + i]);
            }
        }
    }

    /** The layer's weights as they are known while it is rounded. */
    private static final class Effective {
        private LayerWeights weights;
    }

    private ActivationAwareLayer rounded(Effective effective) {
        LayerWeights full = original.layer(LAYER);
        effective.weights = full.fork();
        DecoderLayer decoder = new DecoderLayer(checkpoint.config(), TOKENS);
        BlockGrid grid = new BlockGrid(new AsymmetricRange(3), 3, 64);
        ActivationAwareLayer layer = new ActivationAwareLayer(checkpoint.config(), LAYER, full, weight -> grid);
        Matrix h = Matrix.allocate(arena, TOKENS, 256);
        decoder.attentionInput(full, stream, h);
        step(layer, effective.weights, List.of(QUERY, KEY, VALUE), h);
        Matrix attended = Matrix.allocate(arena, TOKENS, 256);
        decoder.attention(effective.weights, h, attended);
        step(layer, effective.weights, List.of(ATTENTION_OUTPUT), attended);
        Matrix middle = stream.copy(arena);
        Products.linear(attended, effective.weights.linear(ATTENTION_OUTPUT), middle, 1);
        decoder.mlpInput(full, middle, h);
        step(layer, effective.weights, List.of(GATE, UP), h);
        Matrix inner = Matrix.allocate(arena, TOKENS, INNER);
        decoder.inner(effective.weights, h, inner);
        step(layer, effective.weights, List.of(DOWN), inner);
        return layer;
    }

    private void step(ActivationAwareLayer layer, LayerWeights now, List<LayerLinear> linears, Matrix inputs) {
        Matrix hessian = Matrix.allocate(arena, inputs.columns(), inputs.columns());
        Products.addTransposedTimes(inputs, inputs, hessian);
        float[] magnitudes = new float[inputs.columns()];
        for (int i = 0; i < magnitudes.length; i++) {
            for (int row = 0; row < TOKENS; row++) {
                magnitudes[i] += Math.abs(inputs.get(row, i)) / TOKENS;
            }
        }
        layer.round(arena, linears, hessian, magnitudes).forEach(now::replace);
    }

    private Matrix restored(BlockQuantizedWeight weight) {
        Matrix matrix = Matrix.allocate(arena, weight.n(), weight.k());
        weight.dequantize(matrix.data());
        return matrix;
    }
}
