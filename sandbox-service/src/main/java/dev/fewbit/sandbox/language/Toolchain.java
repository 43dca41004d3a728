package dev.fewbit.sandbox.language;

/**
 * What runs a language's programs.
 *
 * @param name such as {@code CPython}
 * @param version as it reports it
 */
public record Toolchain(String name, String version) {
    @Override
    public String toString() {
        return name + " " + version;
    }
}
