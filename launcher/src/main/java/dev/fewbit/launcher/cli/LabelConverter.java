package dev.fewbit.launcher.cli;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a value by its text, as files and reports write it. */
abstract class LabelConverter<T> implements ITypeConverter<T> {
    private final List<T> values;

    LabelConverter(T[] values) {
        this.values = Arrays.asList(values);
    }

    @Override
    public T convert(String text) {
        return values.stream()
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "'; allowed: "
                        + values.stream().map(String::valueOf).collect(Collectors.joining(", "))));
    }
}
