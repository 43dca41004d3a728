package dev.fewbit.benchmark.harness;

/** What a model wrote for a problem. */
public sealed interface Answer {

    /** Byte for byte. */
    String text();

    /** It continues a prompt. */
    record Completion(String text) implements Answer {}

    /** It is a whole program, prompt included where there was one; nothing is put before it and nothing cut off. */
    record Program(String text) implements Answer {}
}
