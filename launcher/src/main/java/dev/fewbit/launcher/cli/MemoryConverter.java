package dev.fewbit.launcher.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 256MiB}, {@code 1GiB}, {@code 512m}, {@code 300MB} or a number of bytes; gives bytes. */
final class MemoryConverter implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(b|kib|mib|gib|kb|mb|gb|k|m|g)?");

    @Override
    public Long convert(String text) {
        Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new TypeConversionException("it is " + text + "; allowed: an amount such as 256MiB or 1GiB");
        }
        String unit = matcher.group(2) == null ? "b" : matcher.group(2);
        long factor = switch (unit) {
            case "kib", "k" -> 1L << 10;
            case "mib", "m" -> 1L << 20;
            case "gib", "g" -> 1L << 30;
            case "kb" -> 1_000L;
            case "mb" -> 1_000_000L;
            case "gb" -> 1_000_000_000L;
            default -> 1L;
        };
        long amount = Long.parseLong(matcher.group(1));
        if (amount > Long.MAX_VALUE / factor) {
            throw new TypeConversionException("it is " + text + "; allowed: an amount such as 256MiB or 1GiB");
        }
        return amount * factor;
    }
}
