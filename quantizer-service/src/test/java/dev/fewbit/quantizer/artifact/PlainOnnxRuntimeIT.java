package dev.fewbit.quantizer.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.artifact.LayerError;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.session.DecoderSession;
import dev.fewbit.model.session.Logits;
import dev.fewbit.model.session.SessionSettings;
import dev.fewbit.objectstore.DirectoryArtifactStore;
import dev.fewbit.quantizer.TinyCheckpoint;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.matrix.Matrix;
import dev.fewbit.quantizer.method.QuantizationMethod;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An artifact's files in ONNX Runtime, with nothing of ours between. */
class PlainOnnxRuntimeIT {
    private static final int HEAD_DIM = 16;
    private static final long[] PROMPT = {0, 5, 9, 3};

    @TempDir
    private Path directory;

    private Path checkpoint;

    @BeforeEach
    void write() throws IOException {
        checkpoint = new TinyCheckpoint("BF16").write(directory.resolve("checkpoint"));
    }

    @ParameterizedTest
    @CsvSource({"8, 0.02", "4, 0.15", "2, 0.7"})
    void shouldRunAndComeNearTheBaselineByItsWidth(int bits, double relativeDistance) throws OrtException {
        // Given
        float[] baseline = logits(quantize("16", Recipe.baseline()));

        // When
        float[] quantized = logits(quantize("q", Recipe.roundToNearest(bits)));

        // Then
        assertThat(relativeDistance(quantized, baseline)).isGreaterThan(0).isLessThan(relativeDistance);
    }

    @Test
    void shouldBeRefusedWhenCodesHave3BitsForWhichThereIsNoKernel() throws OrtException {
        Path artifact = quantize("q", Recipe.roundToNearest(3));

        assertThatThrownBy(() -> logits(artifact))
                .isInstanceOf(OrtException.class)
                .hasMessageContaining("Only 2b, 4b and 8b quantization is supported");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 2})
    void shouldRunAnExportAndGiveWhatTheWeightsSay(int bits) throws OrtException, IOException {
        // Given
        Recipe recipe = Recipe.roundToNearest(bits);
        Path artifact = quantize("q", recipe);
        Path exported = directory.resolve("exported");

        // When
        ArtifactManifest manifest = new ArtifactExport().toFourBits(artifact, exported, false);

        // Then: activations are rounded to int8 by the stored accuracy level, weights are not
        assertThat(relativeDistance(logits(exported), restored(recipe))).isLessThan(0.02);
        assertThat(manifest.provenance().exportedFrom()).isEqualTo(DirectoryArtifactStore.digestOf(artifact));
        assertThat(new ArtifactInspector().read(exported)).isEqualTo(manifest);
        // 4 bits a code instead of 2 or 3, 16 of the scale, 4 instead of 2 or 3 of the zero point, and what rows are
        // filled up with
        assertThat(manifest.sizes().linearStoredBytes())
                .isEqualTo(new ArtifactInspector()
                        .read(quantize("four", Recipe.roundToNearest(4)))
                        .sizes()
                        .linearStoredBytes());
        assertThatThrownBy(() -> new ArtifactExport().toFourBits(exported, directory.resolve("again"), false))
                .hasMessage(exported + ": has no codes of 2 or 3 bits; ONNX Runtime loads it as it is");
    }

    @ParameterizedTest
    @CsvSource({"8, 16", "4, 16", "4, 8", "4, 4"})
    void shouldRunTheHalfPrecisionGraphNearTheOther(int bits, int embeddingBits) throws OrtException {
        // Given
        Path artifact = quantize(
                "q", new Recipe(Method.RTN, bits, null, null, null, embeddingBits, List.of(), null, null, null));

        // When
        float[] half = halfLogits(artifact);

        // Then: 11 significant bits in every activation, and int8 activations in the other graph
        assertThat(relativeDistance(half, logits(artifact))).isGreaterThan(0).isLessThan(0.02);
    }

    @ParameterizedTest
    @CsvSource({"8, false", "4, false", "8, true", "4, true"})
    void shouldShareTheBytesOfAQuantizedEmbeddingWithTheHead(int embeddingBits, boolean symmetric) throws OrtException {
        // Given
        Recipe recipe = new Recipe(Method.RTN, 4, null, symmetric, null, embeddingBits, List.of(), null, null, null);

        // When
        Path artifact = quantize("q", recipe);

        // Then: ideally 20 tokens of 48 codes, one block each with a scale and, unless symmetric, a zero point
        ArtifactManifest manifest = new ArtifactInspector().read(artifact);
        assertThat(relativeDistance(logits(artifact), restored(recipe))).isLessThan(0.02);
        assertThat(manifest.layers().stream().map(LayerError::name)).contains("model.embed_tokens.weight");
        long sixteen = new ArtifactInspector()
                .read(quantize("sixteen", new Recipe(Method.RTN, 4, null, symmetric)))
                .sizes()
                .idealBytes();
        assertThat(sixteen - manifest.sizes().idealBytes())
                .isEqualTo(20L * 48 * (16 - embeddingBits) / 8 - 20 * (16 + (symmetric ? 0 : embeddingBits)) / 8);
        assertThat(sessionLogits(artifact)).containsExactly(restored(recipe), within(1e-5f));
    }

    @Test
    void shouldAgreeWithOurOwnForwardPass() throws OrtException {
        // Given
        float[] expected = logits(quantize("16", Recipe.baseline()));

        try (Arena arena = Arena.ofConfined();
                Checkpoint opened = Checkpoint.open(checkpoint)) {
            // When
            int[] ids = LongStream.of(PROMPT).mapToInt(Math::toIntExact).toArray();
            float[] found = new DecoderForward(arena, opened, ids.length)
                    .logits(arena, ids)
                    .row(ids.length - 1);

            // Then
            assertThat(norm(IntStream.range(0, expected.length)
                            .mapToDouble(i -> expected[i])
                            .toArray()))
                    .isGreaterThan(0.05);
            assertThat(found).containsExactly(expected, within(1e-6f));
        }
    }

    private Path quantize(String name, Recipe recipe) {
        Path out = directory.resolve(name);
        new LocalQuantization().quantize(checkpoint, recipe, out);
        return out;
    }

    /** What the weights of a recipe say, by our own forward pass in fp32. */
    private float[] restored(Recipe recipe) {
        try (Arena arena = Arena.ofConfined();
                Checkpoint opened = Checkpoint.open(checkpoint)) {
            int[] ids = LongStream.of(PROMPT).mapToInt(Math::toIntExact).toArray();
            DecoderForward decoder = RestoredDecoder.of(arena, opened, recipe, ids.length);
            if (recipe.embeddingBits() != Recipe.BASELINE_BITS) {
                Matrix table = RestoredDecoder.restored(
                        arena, QuantizationMethod.embedding(recipe), opened.tensor("model.embed_tokens.weight"));
                decoder.replaceEmbedding(table);
                decoder.replaceHead(table);
            }
            return decoder.logits(arena, ids).row(ids.length - 1);
        }
    }

    private static float[] sessionLogits(Path artifact) {
        int[] ids = LongStream.of(PROMPT).mapToInt(Math::toIntExact).toArray();
        try (DecoderSession session =
                DecoderSession.open(artifact, new SessionSettings(1, 1, 16, ArithmeticMode.EXACT))) {
            Logits logits = session.prefillLogits(0, ids);
            float[] last = new float[TinyCheckpoint.VOCABULARY];
            for (int token = 0; token < last.length; token++) {
                last[token] = logits.at(ids.length - 1, token);
            }
            return last;
        }
    }

    private static float[] logits(Path artifact) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        FloatBuffer empty = FloatBuffer.allocate(PROMPT.length * HEAD_DIM);
        return logits(
                artifact.resolve("model.onnx"), shape -> OnnxTensor.createTensor(environment, empty.rewind(), shape));
    }

    private static float[] halfLogits(Path artifact) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        ByteBuffer empty = ByteBuffer.allocateDirect(PROMPT.length * HEAD_DIM * Short.BYTES)
                .order(ByteOrder.nativeOrder());
        return logits(
                artifact.resolve("model-fp16.onnx"),
                shape -> OnnxTensor.createTensor(environment, empty.rewind(), shape, OnnxJavaType.FLOAT16));
    }

    /** A cache of zeros. */
    private interface Cache {
        OnnxTensor of(long[] shape) throws OrtException;
    }

    private static float[] logits(Path graph, Cache cache) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        int length = PROMPT.length;
        try (OrtSession session = environment.createSession(graph.toString())) {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            inputs.put(
                    "input_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(PROMPT), new long[] {1, length}));
            inputs.put(
                    "last_positions",
                    OnnxTensor.createTensor(environment, IntBuffer.wrap(new int[] {length - 1}), new long[] {1}));
            inputs.put(
                    "total_length",
                    OnnxTensor.createTensor(environment, IntBuffer.wrap(new int[] {length}), new long[] {1}));
            inputs.put(
                    "logit_rows",
                    OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[] {length - 1}), new long[] {1}));
            for (int layer = 0; layer < TinyCheckpoint.LAYERS; layer++) {
                for (String part : new String[] {"key", "value"}) {
                    inputs.put("past." + layer + "." + part, cache.of(new long[] {1, 1, length, HEAD_DIM}));
                }
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return ((float[][]) result.get("logits").orElseThrow().getValue())[0];
            } finally {
                inputs.values().forEach(OnnxTensor::close);
            }
        }
    }

    private static double relativeDistance(float[] found, float[] expected) {
        return norm(IntStream.range(0, expected.length)
                        .mapToDouble(i -> found[i] - expected[i])
                        .toArray())
                / norm(IntStream.range(0, expected.length)
                        .mapToDouble(i -> expected[i])
                        .toArray());
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
