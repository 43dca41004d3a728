package dev.fewbit.generation;

/**
 * What of an engine decides a completion; part of its identity.
 *
 * @param engine name and version of the decoding code and its runtime
 * @param deviceClass kind of processor, such as {@code cpu}
 * @param activations number type of the activations
 * @param keysAndValues number type of the KV cache
 */
public record EngineFacts(String engine, String deviceClass, String activations, String keysAndValues) {}
