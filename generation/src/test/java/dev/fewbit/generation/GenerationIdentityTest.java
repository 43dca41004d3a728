package dev.fewbit.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.contracts.evaluation.PromptStyle;
import dev.fewbit.objectstore.Digests;
import java.util.List;
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

    @Test
    void shouldKeepTheKeyOfOlderSamplesWhenTheSpecificationMeansTheSame() {
        // Given: the SHA-256 of the lines that the first version wrote, by sha256sum
        String lines = String.join(
                        "\n",
                        "artifact=a",
                        "benchmark.digest=b",
                        "decoding.temperature=0.2",
                        "decoding.top_p=0.95",
                        "decoding.top_k=50",
                        "decoding.max_new_tokens=300",
                        "decoding.seed=0",
                        "decoding.mode=exact",
                        "prompt.style=verbatim",
                        "engine=engine 1",
                        "engine.device=cpu",
                        "engine.activations=fp32",
                        "engine.kv=fp32",
                        "engine.max_length=1024")
                + "\n";

        // When, Then
        assertThat(Digests.of(lines)).isEqualTo("cb4bdc9a2f72fd9538f9dfad0ae54e1895b5ab16e371a6af41c25bfc31a98638");
        assertThat(identity("a", "b", DecodingSpec.standard(), CPU, 1024).key()).isEqualTo(Digests.of(lines));
    }

    @Test
    void shouldHaveItsOwnKeyWhenLengthStopsOrPromptDiffer() {
        // Given
        DecodingSpec paper = DecodingSpec.paper().forBenchmark("multipl-e-humaneval-python");

        // When, Then: with a total length the room of a slot decides nothing
        assertThat(identity("a", "b", paper, CPU, 1024).key())
                .isEqualTo(identity("a", "b", paper, CPU, 2048).key());
        assertThat(Stream.of(
                                paper,
                                DecodingSpec.paper().forBenchmark("mceval-python"),
                                DecodingSpec.standard(),
                                with(null, PromptStyle.STRIPPED),
                                with(null, PromptStyle.CHAT),
                                with(List.of("a", "b"), PromptStyle.PLAIN),
                                with(List.of("a\",\"b"), PromptStyle.PLAIN),
                                with(List.of("a\nb"), PromptStyle.PLAIN))
                        .map(spec -> identity("a", "b", spec, CPU, 1024).key()))
                .doesNotHaveDuplicates()
                .hasSize(8);
    }

    private static DecodingSpec with(List<String> stop, PromptStyle prompt) {
        return new DecodingSpec(null, null, null, null, null, null, stop, null, null, prompt, null);
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
