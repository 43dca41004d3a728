package dev.fewbit.launcher.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 5s}, {@code 2m}. */
final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)\\s*(ms|s|m|min)");

    @Override
    public Duration convert(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new TypeConversionException("it is " + text + "; allowed: a duration such as 500ms, 5s or 2m");
        }
        double amount = Double.parseDouble(matcher.group(1));
        long millis = Math.round(
                switch (matcher.group(2)) {
                    case "ms" -> amount;
                    case "s" -> amount * 1000;
                    default -> amount * 60_000;
                });
        if (millis <= 0) {
            throw new TypeConversionException("it is " + text + "; allowed: a duration above zero");
        }
        return Duration.ofMillis(millis);
    }
}
