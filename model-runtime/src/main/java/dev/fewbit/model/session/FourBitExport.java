package dev.fewbit.model.session;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.fewbit.model.architecture.DecoderGraph;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * An artifact's graphs and weights with 2- and 3-bit linears in the 4-bit layout, the same values bit for bit: what ONNX Runtime loads
 * without us, on CUDA too. Everything else stays as it is.
 */
public final class FourBitExport {
    private static final List<String> GRAPHS = List.of(DecoderGraph.MODEL_FILE, DecoderGraph.HALF_MODEL_FILE);

    private FourBitExport() {}

    /**
     * What widening did to the linears' codes and zero points.
     *
     * @param narrowBytes of them before
     * @param wideBytes of them after
     */
    public record Growth(long narrowBytes, long wideBytes) {}

    /**
     * Whether an artifact has linears of 2 or 3 bits.
     *
     * @throws InvalidArtifactException when its graph is missing or is none
     */
    public static boolean isNeeded(Path artifact) throws IOException {
        return ModelPreparation.needs(ModelPreparation.read(artifact, DecoderGraph.MODEL_FILE), Widening.FOUR_BITS);
    }

    /**
     * Writes both graphs and their weights.
     *
     * @param directory exists and holds none of them; nothing is flushed to disk
     * @throws InvalidArtifactException when a graph is missing or is none, or points outside of its weights
     */
    public static Growth write(Path artifact, Path directory) throws IOException {
        try (WidenedWeights weights = new WidenedWeights(artifact, directory)) {
            for (String graph : GRAPHS) {
                ModelProto stored = ModelPreparation.read(artifact, graph);
                ModelProto widened = WidenedModel.write(stored, weights, Widening.FOUR_BITS);
                try (OutputStream out = Files.newOutputStream(
                        directory.resolve(graph), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    widened.writeTo(out);
                }
            }
            return new Growth(weights.narrowBytes(), weights.wideBytes());
        }
    }
}
