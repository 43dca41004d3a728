/**
 * Generation with everything that stays in the memory of a device: weights, the cache of keys and values, and the inputs and outputs of a
 * step at fixed addresses. A step moves token ids and positions to the device, and a row's largest logits with their tokens and
 * log-sum-exp back, never the vocabulary. On a GPU the steps are CUDA graphs, one for each {@linkplain
 * dev.fewbit.model.resident.SlotBuckets bucket} of rows. The same code runs on the processor, where it is tested; what is fast there is
 * {@link dev.fewbit.model.session.DecoderSession}.
 */
package dev.fewbit.model.resident;
