package dev.fewbit.quantizer.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.matrix.Factorizer;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.streams.InputSums;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sums over inputs that rounding left without a positive definite matrix: eigenvalues are {@code 1 + x} and {@code 1 - x}. */
class LinearInputsTest {
    private static final String NAME = "model.layers.0.mlp.down_proj.weight";

    private final List<String> notes = new ArrayList<>();

    @Test
    void shouldRaiseTheDampingAndSaySoUntilTheHessianIsPositiveDefinite() {
        try (Arena arena = Arena.ofConfined()) {
            // When: -1.5 is an eigenvalue, which 0.01, 0.1 and 1 do not lift above 0
            LinearInputs inputs =
                    LinearInputs.of(arena, NAME, sums(arena, 2.5f), Factorizer.onHost(), 0.01, notes::add);

            // Then
            assertThat(inputs.hessian().row(0)).containsExactly(11, 2.5f);
            assertThat(inputs.hessian().row(1)).containsExactly(2.5f, 11);
            assertThat(notes)
                    .containsExactly(
                            NAME
                                    + ": the Hessian is not positive definite; damping is raised to 0.100 times the mean of its "
                                    + "diagonal",
                            NAME
                                    + ": the Hessian is not positive definite; damping is raised to 1.00 times the mean of its "
                                    + "diagonal",
                            NAME
                                    + ": the Hessian is not positive definite; damping is raised to 10.0 times the mean of its "
                                    + "diagonal");
        }
    }

    @Test
    void shouldGiveUpWithTheNameOfTheLinearWhenNoDampingHelps() {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() ->
                            LinearInputs.of(arena, NAME, sums(arena, 1e6f), Factorizer.onHost(), 0.01, notes::add))
                    .isInstanceOf(QuantizationException.class)
                    .hasMessage(NAME
                            + ": the Hessian of its inputs is not positive definite, 5 times with ten times the damping: "
                            + "are the checkpoint's activations finite?");
            assertThat(notes).hasSize(4);
        }
    }

    private static InputSums sums(Arena arena, float x) {
        Matrix sums = Matrix.allocate(arena, 2, 2);
        sums.setRow(0, new float[] {1, x});
        sums.setRow(1, new float[] {x, 1});
        return new InputSums(sums, null, null, null);
    }
}
