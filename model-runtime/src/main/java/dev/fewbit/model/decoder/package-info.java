/**
 * What a decoder is, apart from how it is run: {@link dev.fewbit.model.decoder.DecoderSpec} describes norms, linears, attention, positions
 * and multipliers layer by layer, and each {@link dev.fewbit.model.decoder.Architecture} says how the keys of a {@code config.json} become
 * one, and where a checkpoint keeps the tensors. The ONNX graph, a forward pass and the sizes of artifacts are all derived from the
 * description, so that an architecture is written down once.
 */
package dev.fewbit.model.decoder;
