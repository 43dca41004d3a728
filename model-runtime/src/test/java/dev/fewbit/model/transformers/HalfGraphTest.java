package dev.fewbit.model.transformers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.fewbit.model.architecture.CheckpointWeights;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.session.DecoderSession;
import dev.fewbit.model.session.Logits;
import dev.fewbit.model.session.SessionSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The graph for CUDA, run on a CPU: the same function but for the rounding of activations. */
class HalfGraphTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deepseek-coder",
                "mistral",
                "qwen2-windowed",
                "qwen3",
                "starcoder2",
                "gpt-bigcode",
                "phi-3-mini",
                "phi-4-mini",
                "gemma",
                "gemma-2",
                "granite"
            })
    void shouldBeTheSameFunctionWhenActivationsHaveSixteenBits(String name) throws IOException, OrtException {
        // Given
        int[] tokens = TransformersFixture.of(name).sequences().getFirst();
        ModelConfig config;
        try (Checkpoint checkpoint = Checkpoint.open(TransformersFixture.checkpoint(name))) {
            config = checkpoint.config();
            DecoderGraph.write(config, new CheckpointWeights(checkpoint), directory);
        }
        Logits expected;
        try (DecoderSession session =
                DecoderSession.open(directory, new SessionSettings(1, 1, tokens.length, ArithmeticMode.EXACT))) {
            expected = session.prefillLogits(0, tokens);
        }

        // When
        float[] found = logits(config, tokens);

        // Then: fp16 has eleven bits
        assertThat(distance(found, expected.values())).isBetween(1e-6, 0.02);
    }

    private float[] logits(ModelConfig config, int[] tokens) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        int n = tokens.length;
        long[] ids = Arrays.stream(tokens).mapToLong(i -> i).toArray();
        long[] rows = IntStream.range(0, n).mapToLong(i -> i).toArray();
        try (OrtSession session = environment.createSession(
                directory.resolve(DecoderGraph.HALF_MODEL_FILE).toString())) {
            inputs.put(
                    DecoderGraph.INPUT_IDS,
                    OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), new long[] {1, n}));
            inputs.put(
                    DecoderGraph.LOGIT_ROWS,
                    OnnxTensor.createTensor(environment, LongBuffer.wrap(rows), new long[] {n}));
            inputs.put(DecoderGraph.LAST_POSITIONS, ints(environment, n - 1));
            inputs.put(DecoderGraph.TOTAL_LENGTH, ints(environment, n));
            long[] cache = {1, config.kvHeads(), n, config.headDim()};
            int bytes = n * config.kvHeads() * config.headDim() * Short.BYTES;
            for (int layer = 0; layer < config.layers(); layer++) {
                for (String past : new String[] {DecoderGraph.pastKey(layer), DecoderGraph.pastValue(layer)}) {
                    inputs.put(
                            past,
                            OnnxTensor.createTensor(
                                    environment, ByteBuffer.allocateDirect(bytes), cache, OnnxJavaType.FLOAT16));
                }
            }
            try (OrtSession.Result result = session.run(inputs)) {
                float[][] logits = (float[][])
                        result.get(DecoderGraph.LOGITS).orElseThrow().getValue();
                float[] flat = new float[n * config.vocabSize()];
                for (int row = 0; row < n; row++) {
                    System.arraycopy(logits[row], 0, flat, row * config.vocabSize(), config.vocabSize());
                }
                return flat;
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor ints(OrtEnvironment environment, int value) throws OrtException {
        return OnnxTensor.createTensor(environment, IntBuffer.wrap(new int[] {value}), new long[] {1});
    }

    private static double distance(float[] found, float[] expected) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < found.length; i++) {
            error += Math.pow(found[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(error / norm);
    }
}
