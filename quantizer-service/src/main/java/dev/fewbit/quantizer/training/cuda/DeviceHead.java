package dev.fewbit.quantizer.training.cuda;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.quantizer.cuda.DeviceArena;
import dev.fewbit.quantizer.cuda.DeviceMatrix;
import dev.fewbit.quantizer.cuda.DeviceProducts;
import dev.fewbit.quantizer.forward.DecoderForward;
import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What stands in front of the first layer of a 16-bit model and behind its last: embedding, last norm and head. */
final class DeviceHead {
    private final TrainingKernels kernels;
    private final DeviceProducts products;
    private final DeviceMatrix embedding;
    private final DeviceMatrix weight;
    private final DeviceMatrix gains;
    private final double epsilon;

    DeviceHead(DeviceArena arena, TrainingKernels kernels, Checkpoint checkpoint) {
        this.kernels = kernels;
        products = kernels.device().products();
        embedding = upload(arena, checkpoint.tensor(Architecture.EMBEDDING));
        weight = checkpoint.config().tieWordEmbeddings()
                ? embedding
                : upload(arena, checkpoint.tensor(Architecture.HEAD));
        float[] lastNorm = checkpoint.tensor(DecoderForward.LAST_NORM).toFloats();
        gains = arena.matrix(1, lastNorm.length);
        arena.device().upload(MemorySegment.ofArray(lastNorm), gains.address());
        epsilon = checkpoint.config().rmsNormEps();
    }

    /** {@code [vocabulary, hidden]}. */
    DeviceMatrix embedding() {
        return embedding;
    }

    int vocabulary() {
        return weight.rows();
    }

    /** {@code x [tokens, hidden]}, normed; {@code output} may be {@code x}. */
    void norm(DeviceMatrix x, DeviceMatrix output) {
        kernels.norm(x, gains, output, epsilon);
    }

    /** Logits {@code [tokens, vocabulary]} of what was normed. */
    void logits(DeviceMatrix normed, DeviceMatrix logits) {
        products.linear(normed, weight, logits, 0);
    }

    /**
     * The residual stream {@code x} behind the last layer becomes the gradient by it, given that by its logits.
     *
     * @param normed scratch, in the shape of {@code x}
     * @param gradient scratch, in the shape of {@code x}
     */
    void back(DeviceMatrix logitGradient, DeviceMatrix normed, DeviceMatrix gradient, DeviceMatrix x) {
        DevicePass.back(products, logitGradient, weight, normed, 0);
        gradient.clear();
        kernels.normBack(x, gains, normed, gradient, epsilon);
        x.copyFrom(gradient);
    }

    private static DeviceMatrix upload(DeviceArena arena, Tensor tensor) {
        try (Arena host = Arena.ofConfined()) {
            return arena.device().upload(arena, Matrix.of(host, tensor));
        }
    }
}
