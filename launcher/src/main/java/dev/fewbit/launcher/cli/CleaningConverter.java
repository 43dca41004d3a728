package dev.fewbit.launcher.cli;

import dev.fewbit.benchmark.extraction.Cleaning;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Names of cleanings. */
final class CleaningConverter implements ITypeConverter<Cleaning> {
    @Override
    public Cleaning convert(String text) {
        return Arrays.stream(Cleaning.values())
                .filter(cleaning -> cleaning.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is not known; allowed: "
                        + Arrays.stream(Cleaning.values())
                                .map(Cleaning::toString)
                                .collect(Collectors.joining(", "))));
    }
}
