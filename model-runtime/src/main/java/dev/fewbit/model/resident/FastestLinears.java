package dev.fewbit.model.resident;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.fewbit.model.resident.MemoryPlan.Needs;
import dev.fewbit.model.resident.ResidentSettings.Linears;
import java.util.function.LongFunction;

/**
 * Decides how linears are held, before anything is written or loaded.
 *
 * <p>On one H100 a step of DeepSeek-Coder-1.3B's shape past 512 tokens took, from 4-bit codes and from fp16, 1.48 and 2.12 ms for 1 row, 2.48
 * and 2.28 ms for 8 rows, 5.65 and 4.77 ms for 64: the kernel for one row reads codes, that for more dequantizes the whole linear first,
 * at every step. So fp16 pays from 8 rows on, if its memory is not missing for slots. Holding both, for the few steps at the end of a
 * work unit with fewer rows, would cost a second session.
 */
final class FastestLinears {
    /** Rows from which fp16 was faster. */
    static final int DENSE_FROM = 8;
    /** Slots that are enough: fp16 may take memory of further ones. */
    static final int ENOUGH = 64;

    private FastestLinears() {}

    /**
     * Chooses.
     *
     * @param stored the graph as it lies in the artifact
     * @param model what it says about its sizes
     * @param needs of a model with that many bytes of weights
     * @param free bytes of the device
     * @param wanted slots, or 0: as many as fit
     */
    static Linears choose(ModelProto stored, ResidentModel model, LongFunction<Needs> needs, long free, int wanted) {
        int most = wanted == 0 ? ResidentSettings.MOST_SLOTS : wanted;
        int dense = MemoryPlan.fitting(free, needs.apply(denseBytes(stored, model)), most);
        int codes = MemoryPlan.fitting(free, needs.apply(model.weightBytes()), most);
        return dense >= DENSE_FROM && dense >= Math.min(codes, ENOUGH) ? Linears.DENSE : Linears.CODES;
    }

    /** Bytes of the weights with all quantized linears as fp16, their codes and scales gone. */
    static long denseBytes(ModelProto stored, ResidentModel model) {
        long bytes = model.weightBytes();
        for (NodeProto node : stored.getGraph().getNodeList()) {
            if (node.getOpType().equals("MatMulNBits")) {
                long numbers = ResidentModel.attribute(node, "N") * ResidentModel.attribute(node, "K");
                // A tied embedding still reads its codes, so that this is a little too little there, not too much.
                bytes += numbers * Short.BYTES - numbers * ResidentModel.attribute(node, "bits") / Byte.SIZE;
            }
        }
        return bytes;
    }
}
