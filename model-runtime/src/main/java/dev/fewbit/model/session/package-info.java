/**
 * Running a decoder on ONNX Runtime. {@link dev.fewbit.model.session.ModelPreparation} turns an artifact's graph into what
 * the processor runs best or at all (3-bit codes to the 4-bit layout, for one), and
 * {@link dev.fewbit.model.session.DecoderSession} runs it over a cache of keys and values whose rows are slots: prefill into
 * one slot, a decoding step over the first n. The cache lies in one block of memory outside the heap, read and extended in
 * place. A fault of the machinery, numbers that are not finite among them, is an exception and never a token.
 */
package dev.fewbit.model.session;
