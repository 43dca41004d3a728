/**
 * Architectures of decoders, and the ONNX graph that each becomes. {@link dev.fewbit.model.architecture.DecoderGraph}
 * takes weights one at a time from a {@link dev.fewbit.model.architecture.WeightSource}: from a checkpoint as they are, or
 * from a quantizer, and writes {@code model.onnx} with {@code weights.bin} beside it. How a linear was quantized shows only
 * in the {@link dev.fewbit.model.architecture.LinearWeight} that the source hands out.
 */
package dev.fewbit.model.architecture;
