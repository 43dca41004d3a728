package dev.fewbit.model.resident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.model.device.TooLittleMemoryException;
import dev.fewbit.model.resident.MemoryPlan.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * By hand: workspace is 768 MiB for libraries, 1024 rows x 8192 numbers x 2 bytes x 6 = 96 MiB of activations, 16 Mi x 2 bytes = 32 MiB of
 * the largest linear, and a slot's logits, 32768 x 4 bytes x 5 = 0.625 MiB. Beside 1000 MiB of weights, n slots take 1896 + 100.625 n.
 */
class MemoryPlanTest {
    private static final long MIB = 1 << 20;
    private static final Needs NEEDS = new Needs(1000 * MIB, 100 * MIB, 1024, 8192, 32768, 16 * MIB);

    @Test
    void shouldCountEveryPartWhenSlotsAreGiven() {
        // When
        MemoryPlan plan = MemoryPlan.of("a GPU", 8336 * MIB, NEEDS, 64, 256);

        // Then
        assertThat(plan).isEqualTo(new MemoryPlan(8336 * MIB, 1000 * MIB, 100 * MIB, 936 * MIB, 64));
        assertThat(plan.total()).isEqualTo(8336 * MIB);
        assertThat(plan)
                .hasToString("1000 MiB of weights, 6400 MiB of keys and values (64 slots of 100.0 MiB) and 936 MiB of"
                        + " workspace are 8336 MiB of 8336 MiB free");
    }

    @Test
    void shouldSayTheNumbersWhenSlotsDoNotFit() {
        assertThatThrownBy(() -> MemoryPlan.of("NVIDIA T4", 8335 * MIB, NEEDS, 64, 256))
                .isInstanceOf(TooLittleMemoryException.class)
                .hasMessage(
                        "NVIDIA T4 has too little memory: 1000 MiB of weights, 6400 MiB of keys and values (64 slots"
                                + " of 100.0 MiB) and 936 MiB of workspace are 8336 MiB of 8335 MiB free; take a GPU with more,"
                                + " a shorter length, fewer slots or fewer bits");
    }

    @Test
    void shouldSayTheNumbersOfOneSlotWhenTheModelIsTooLarge() {
        // 1996.625 MiB are needed
        assertThatThrownBy(() -> MemoryPlan.of("NVIDIA T4", 1996 * MIB, NEEDS, 0, 256))
                .isInstanceOf(TooLittleMemoryException.class)
                .hasMessageContaining("(1 slot of 100.0 MiB) and 897 MiB of workspace are 1997 MiB of 1996 MiB free");
    }

    @ParameterizedTest
    @CsvSource({"8336, 64", "8335, 56", "100000, 256", "2701, 8", "2700, 7", "2198, 3", "1997, 1"})
    void shouldTakeTheMostSlotsThatFitWhenNoneAreGiven(long freeMib, int slots) {
        // When
        MemoryPlan plan = MemoryPlan.of("a GPU", freeMib * MIB, NEEDS, 0, 256);

        // Then
        assertThat(plan.slots()).isEqualTo(slots);
        assertThat(plan.total()).isLessThanOrEqualTo(freeMib * MIB);
    }
}
