package dev.fewbit.quantizer.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.packing.CodePacking;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The small decoder, its quantized start and PyTorch's numbers of {@code src/test/resources/training}. */
final class Fixture {
    private static final String FOLDER = "/training/";

    private final JsonNode numbers;

    Fixture() {
        try (InputStream in = Fixture.class.getResourceAsStream(FOLDER + "autograd.json")) {
            numbers = new JsonMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Checkpoint checkpoint() {
        try {
            return Checkpoint.open(
                    Path.of(Fixture.class.getResource(FOLDER + "checkpoint").toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<LayerWeights> layers(Arena arena, Checkpoint checkpoint) {
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < checkpoint.config().layers(); i++) {
            layers.add(LayerWeights.of(arena, checkpoint, i));
        }
        return layers;
    }

    TokenWindows windows() {
        JsonNode windows = numbers.path("windows");
        int[][] ids = new int[windows.size()][windows.get(0).size()];
        for (int i = 0; i < ids.length; i++) {
            for (int j = 0; j < ids[i].length; j++) {
                ids[i][j] = windows.get(i).get(j).asInt();
            }
        }
        return new TokenWindows(ids);
    }

    Objective objective(Arena arena, Checkpoint checkpoint, List<LayerWeights> original) {
        return new DistributionObjective(
                arena,
                checkpoint,
                windows(),
                original,
                DecoderHead.of(arena, checkpoint, windows().length()));
    }

    double loss() {
        return numbers.path("loss").asDouble();
    }

    List<Map<LayerLinear, BlockQuantizedWeight>> start(Checkpoint checkpoint) {
        List<Map<LayerLinear, BlockQuantizedWeight>> layers = new ArrayList<>();
        for (int i = 0; i < checkpoint.config().layers(); i++) {
            Map<LayerLinear, BlockQuantizedWeight> layer = new EnumMap<>(LayerLinear.class);
            for (LayerLinear linear : LayerLinear.values()) {
                layer.put(linear, weight(node(linear.weight(i))));
            }
            layers.add(layer);
        }
        return layers;
    }

    float[] codeGradient(String linear) {
        return floats(node(linear), "codeGradient");
    }

    float[] scaleGradient(String linear) {
        return floats(node(linear), "scaleGradient");
    }

    private JsonNode node(String name) {
        for (JsonNode linear : numbers.path("linears")) {
            if (linear.path("name").asText().equals(name)) {
                return linear;
            }
        }
        throw new IllegalArgumentException(name);
    }

    private BlockQuantizedWeight weight(JsonNode node) {
        int bits = node.path("bits").asInt();
        int blockSize = numbers.path("blockSize").asInt();
        int n = node.path("n").asInt();
        int k = node.path("k").asInt();
        byte[] codes = CodePacking.packCodes(bytes(node, "codes"), n, k, blockSize, bits);
        byte[] points =
                CodePacking.packZeroPoints(bytes(node, "zeroPoints"), n, CodePacking.blocks(k, blockSize), bits);
        return new BlockQuantizedWeight(
                bits,
                blockSize,
                n,
                k,
                MemorySegment.ofArray(codes),
                MemorySegment.ofArray(bytes(node, "scales")),
                node.path("symmetric").asBoolean() ? null : MemorySegment.ofArray(points));
    }

    private static float[] floats(JsonNode node, String key) {
        FloatBuffer buffer =
                ByteBuffer.wrap(bytes(node, key)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] floats = new float[buffer.remaining()];
        buffer.get(floats);
        return floats;
    }

    private static byte[] bytes(JsonNode node, String key) {
        return Base64.getDecoder().decode(node.path(key).asText());
    }
}
