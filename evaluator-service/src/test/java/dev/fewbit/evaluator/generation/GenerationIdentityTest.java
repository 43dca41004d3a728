package dev.fewbit.evaluator.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.ExecutionMode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GenerationIdentityTest {
    private static final EngineFacts CPU = new EngineFacts("engine 1", "cpu", "fp32", "fp32");

    @Test
    void shouldHaveItsOwnKeyWhenAnyPartDiffers() {
        // When
        Stream<String> keys = Stream.of(
                        identity("a", "b", spec(0.2, 0L, ExecutionMode.EXACT), CPU, 1024),
                        identity("x", "b", spec(0.2, 0L, ExecutionMode.EXACT), CPU, 1024),
                        identity("a", "x", spec(0.2, 0L, ExecutionMode.EXACT), CPU, 1024),
                        identity("a", "b", spec(0.3, 0L, ExecutionMode.EXACT), CPU, 1024),
                        identity("a", "b", spec(0.2, 1L, ExecutionMode.EXACT), CPU, 1024),
                        identity("a", "b", spec(0.2, 0L, ExecutionMode.FAST), CPU, 1024),
                        identity("a", "b", spec(0.2, 0L, ExecutionMode.EXACT), CPU, 2048),
                        identity("a", "b", spec(0.2, 0L, ExecutionMode.EXACT), facts("engine 2", "cpu", "fp32"), 1024),
                        identity("a", "b", spec(0.2, 0L, ExecutionMode.EXACT), facts("engine 1", "gpu", "fp32"), 1024),
                        identity("a", "b", spec(0.2, 0L, ExecutionMode.EXACT), facts("engine 1", "cpu", "fp16"), 1024))
                .map(GenerationIdentity::key);

        // Then
        assertThat(keys).doesNotHaveDuplicates().hasSize(10);
    }

    @Test
    void shouldHaveTheSameKeyWhenDefaultsAreSpelledOut() {
        // When, Then
        assertThat(identity("a", "b", DecodingSpec.standard(), CPU, 1024).key())
                .isEqualTo(identity("a", "b", new DecodingSpec(0.2, 0.95, 50, 300, 0L, ExecutionMode.EXACT), CPU, 1024)
                        .key());
    }

    private static EngineFacts facts(String engine, String device, String numbers) {
        return new EngineFacts(engine, device, numbers, numbers);
    }

    private static DecodingSpec spec(double temperature, long seed, ExecutionMode mode) {
        return new DecodingSpec(temperature, null, null, null, seed, mode);
    }

    private static GenerationIdentity identity(
            String artifact, String benchmark, DecodingSpec decoding, EngineFacts engine, int maxLength) {
        return new GenerationIdentity(artifact, benchmark, decoding, engine, maxLength);
    }
}
