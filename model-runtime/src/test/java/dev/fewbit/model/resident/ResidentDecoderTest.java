package dev.fewbit.model.resident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.architecture.RandomLlama;
import dev.fewbit.model.architecture.RoundedWeights;
import dev.fewbit.model.device.DeviceException;
import dev.fewbit.model.fused.Fusion;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.session.BatchRows;
import dev.fewbit.model.session.Candidates;
import dev.fewbit.model.session.Decoder;
import dev.fewbit.model.session.DecoderSession;
import dev.fewbit.model.session.InferenceException;
import dev.fewbit.model.session.SessionSettings;
import dev.fewbit.model.session.ThreadWaiting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine for devices, on the processor, beside the session of ONNX Runtime's Java API, which knows nothing of it. */
class ResidentDecoderTest {
    private static final int SLOTS = 6;
    private static final int LENGTH = 40;

    @TempDir
    Path directory;

    private Placement placement;

    @BeforeEach
    void open() {
        placement = Placement.processor();
    }

    @AfterEach
    void close() {
        placement.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 4, 3, 2})
    void shouldGiveTheSameNumbersAsTheJavaApiWhenPromptsAreDecoded(int bits) throws IOException {
        // Given
        Path artifact = artifact(bits);
        try (Decoder expected = session(artifact);
                Decoder decoder = ResidentDecoder.open(artifact, placement, settings())) {
            // When
            List<Candidates> found = prompts(decoder, 6);
            List<Candidates> wanted = prompts(expected, 6);
            int[] lengths = {7, 6, 5, 4, 3, 2};
            for (int step = 0; step < 12; step++) {
                int[] tokens = likeliest(found.subList(found.size() - 6, found.size()));
                found.addAll(decoder.decode(tokens, lengths));
                wanted.addAll(expected.decode(tokens, lengths));
                lengths = IntStream.of(lengths).map(length -> length + 1).toArray();
            }

            // Then
            assertSame(found, wanted);
        }
    }

    @Test
    void shouldGiveTheSameNumbersWhenStepsLeaveRowsOfTheirBucketIdle() throws IOException {
        // Given: 3 and 5 rows are no buckets; slots behind them hold prompts that are used later.
        Path artifact = artifact(4);
        try (Decoder expected = session(artifact);
                Decoder decoder = ResidentDecoder.open(artifact, placement, settings())) {
            List<Candidates> found = prompts(decoder, 6);
            List<Candidates> wanted = prompts(expected, 6);

            // When
            for (int[] lengths : new int[][] {{7, 6, 5}, {8, 7, 6}, {9, 8, 7, 4, 3}, {10, 9, 8, 5, 4, 2}}) {
                int[] tokens =
                        IntStream.range(0, lengths.length).map(i -> 11 * i + 3).toArray();
                found.addAll(decoder.decode(tokens, lengths));
                wanted.addAll(expected.decode(tokens, lengths));
            }

            // Then
            assertSame(found, wanted);
        }
    }

    @Test
    void shouldGiveTheSameNumbersWhenAPromptIsSharedAndInChunks() throws IOException {
        // Given
        Path artifact = artifact(4);
        int[] prompt = tokens(0, 20);
        try (Decoder expected = session(artifact);
                Decoder decoder = ResidentDecoder.open(artifact, placement, settings())) {
            // When
            List<Candidates> found = new ArrayList<>();
            List<Candidates> wanted = new ArrayList<>();
            for (Decoder each : List.of(decoder, expected)) {
                List<Candidates> into = each == decoder ? found : wanted;
                into.add(each.prefill(2, prompt, 0, 9));
                into.add(each.prefill(2, prompt, 9, 20));
                each.copy(2, 0, 20);
                each.copy(2, 1, 20);
                into.addAll(each.decode(new int[] {5, 6}, new int[] {20, 20}));
                each.copy(1, 0, 21);
                into.addAll(each.decode(new int[] {7, 7, 8}, new int[] {21, 21, 20}));
            }

            // Then
            assertSame(found, wanted);
            assertThat(found.get(4).logits()).containsExactly(found.get(5).logits());
        }
    }

    @Test
    void shouldDecodeToTheLastTokenWhenSlotsAreFull() throws IOException {
        // Given
        Path artifact = artifact(4);
        int[] prompt = tokens(3, LENGTH - 1);
        try (Decoder expected = session(artifact);
                Decoder decoder = ResidentDecoder.open(artifact, placement, settings())) {
            for (Decoder each : List.of(decoder, expected)) {
                for (int slot = 0; slot < 3; slot++) {
                    each.prefill(slot, prompt);
                }
                each.decode(new int[] {1, 2, 3}, new int[] {LENGTH - 1, LENGTH - 1, LENGTH - 1});
            }

            // When: row 2 is full and idle, and must be so still when it is copied.
            List<Candidates> found = decodeBesideAFullSlot(decoder);
            List<Candidates> wanted = decodeBesideAFullSlot(expected);

            // Then
            assertSame(found, wanted);
        }
    }

    private static List<Candidates> decodeBesideAFullSlot(Decoder decoder) {
        decoder.prefill(0, tokens(1, 4));
        decoder.prefill(1, tokens(2, 4));
        List<Candidates> all = new ArrayList<>(decoder.decode(new int[] {9}, new int[] {4}));
        decoder.copy(2, 0, LENGTH - 1);
        all.addAll(decoder.decode(new int[] {3, 9}, new int[] {LENGTH - 1, 4}));
        return all;
    }

    @Test
    void shouldTakeAsManySlotsAsFitWhenNoneAreAskedFor() throws IOException {
        // Given
        Path artifact = artifact(4);

        // When
        try (ResidentDecoder decoder = ResidentDecoder.open(artifact, placement, ResidentSettings.of(0, LENGTH))) {
            // Then: fp32, 2 layers, keys and values, 2 heads of 16, 48 tokens of room.
            assertThat(decoder.plan().cacheOfSlot()).isEqualTo(4L * 2 * 2 * 2 * 16 * 48);
            assertThat(decoder.plan().total())
                    .isLessThanOrEqualTo(decoder.plan().free());
            assertThat(decoder.slots()).isEqualTo(decoder.plan().slots()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(value = GpuKernels.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldRefuseWhenKernelsOfOurOwnAreWantedOnTheProcessor(GpuKernels kernels) throws IOException {
        // Given
        Path artifact = artifact(4);
        ResidentSettings settings = settings().withFused(kernels.fusions());

        // When / Then
        assertThatThrownBy(() -> ResidentDecoder.open(artifact, placement, settings))
                .isInstanceOf(DeviceException.class)
                .hasMessageEndingWith(": kernels of our own run on a GPU only");
    }

    @Test
    void shouldSayWhatIsAllowedWhenKernelsOfOurOwnAreWantedWithBf16() {
        // Given
        ResidentSettings settings = settings().with(HalfNumbers.BF16);

        // When / Then
        assertThatThrownBy(() -> settings.withFused(EnumSet.of(Fusion.GATE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("kernels of our own compute with fp16; with bf16 none are allowed, not [GATE]");
    }

    @Test
    void shouldSayWhatIsAllowedWhenTheLengthIsTooLarge() throws IOException {
        // Given
        Path artifact = artifact(4);

        // When, Then
        assertThatThrownBy(() -> ResidentDecoder.open(artifact, placement, ResidentSettings.of(2, 129)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxLength 129: at most 128, the model's longest sequence");
    }

    @ParameterizedTest
    @CsvSource({
        "model.norm.weight, NaN, layer_2_input_norm",
        "model.layers.1.post_attention_layernorm.weight, Infinity, layer_1_mlp_norm",
        "model.layers.1.mlp.down_proj.weight, NaN, layer_1_down",
        "model.layers.0.self_attn.o_proj.weight, -Infinity, layer_0_o"
    })
    void shouldNameTheLayerWhenLogitsAreNotFinite(String tensor, float value, String node) throws IOException {
        // Given: the same faults as those that the session of the processor is tested with
        RandomLlama llama = new RandomLlama(true);
        float[] weights = llama.tensor(tensor).toFloats();
        weights[7] = value;
        llama.set(tensor, weights);
        DecoderGraph.write(llama.config(), llama, directory);

        // When, Then
        try (Decoder decoder = ResidentDecoder.open(directory, placement, settings())) {
            assertThatThrownBy(() -> decoder.prefill(0, tokens(0, 9)))
                    .isInstanceOf(InferenceException.class)
                    .hasMessageMatching(
                            "logits are not finite: log-sum-exp NaN, largest .* in row 0 of 1; first in " + node);
            assertThatThrownBy(() -> decoder.decode(new int[] {5, 6, 7}, new int[] {3, 2, 1}))
                    .isInstanceOf(InferenceException.class)
                    .hasMessageContaining(" in row 0 of 3; first in " + node);
        }
    }

    private static List<Candidates> prompts(Decoder decoder, int count) {
        List<Candidates> all = new ArrayList<>();
        for (int slot = 0; slot < count; slot++) {
            all.add(decoder.prefill(slot, tokens(slot, 7 - slot)));
        }
        return all;
    }

    private static int[] tokens(int seed, int count) {
        return IntStream.range(0, count)
                .map(i -> (i * 37 + seed * 53 + 11) % 200)
                .toArray();
    }

    private static int[] likeliest(List<Candidates> rows) {
        return rows.stream().mapToInt(row -> row.ids()[0]).toArray();
    }

    private static void assertSame(List<Candidates> found, List<Candidates> wanted) {
        assertThat(found).hasSameSizeAs(wanted);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).ids())
                    .as("tokens of %d", i)
                    .containsExactly(wanted.get(i).ids());
            assertThat(found.get(i).logits())
                    .as("logits of %d", i)
                    .containsExactly(wanted.get(i).logits());
            assertThat(found.get(i).logSumExp()).isEqualTo(wanted.get(i).logSumExp());
        }
    }

    private ResidentSettings settings() {
        return ResidentSettings.of(SLOTS, LENGTH);
    }

    private static Decoder session(Path artifact) {
        return DecoderSession.open(
                artifact,
                new SessionSettings(
                        1,
                        SLOTS,
                        LENGTH,
                        ArithmeticMode.EXACT,
                        ThreadWaiting.SLEEP,
                        BatchRows.AS_MANY_AS_RUN,
                        artifact));
    }

    private Path artifact(int bits) throws IOException {
        RandomLlama llama = new RandomLlama(true);
        DecoderGraph.write(llama.config(), new RoundedWeights(llama, bits, 32, false, false), directory);
        return directory;
    }
}
