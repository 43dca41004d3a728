package dev.fewbit.quantizer.streams;

import com.sun.management.OperatingSystemMXBean;
import dev.fewbit.quantizer.QuantizationException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory off the heap that calibrated quantization may take. What it cannot do without must fit; residual streams and what linears read go to mapped
 * files beyond it, which changes no byte of a result.
 *
 * @param bytes of it
 */
public record MemoryLimit(long bytes) {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([KMGTkmgt]?)(?:iB)?");
    private static final String UNITS = "KMGT";
    private static final int UNIT_BITS = 10;
    private static final int SHARE = 2;

    public MemoryLimit {
        if (bytes <= 0) {
            throw new IllegalArgumentException("memory limit of " + bytes + " bytes; allowed: more than 0");
        }
    }

    /** Half of the machine's memory, or of what its container may use: the other half is the heap's, the page cache's and other programs'. */
    public static MemoryLimit standard() {
        long all =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return new MemoryLimit(all / SHARE);
    }

    /**
     * Reads {@code 8G}, {@code 512MiB} or a number of bytes; units are powers of 1024.
     *
     * @throws IllegalArgumentException when it is none of them
     */
    public static MemoryLimit parse(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (matcher.matches()) {
            String unit = matcher.group(2).toUpperCase(Locale.ROOT);
            int shift = unit.isEmpty() ? 0 : (UNITS.indexOf(unit) + 1) * UNIT_BITS;
            long count = Long.parseLong(matcher.group(1));
            if (count > 0 && count <= Long.MAX_VALUE >> shift) {
                return new MemoryLimit(count << shift);
            }
        }
        throw new IllegalArgumentException("memory limit '" + text + "'; allowed: a size such as 8G, 512M or 8GiB");
    }

    /**
     * What is left for streams beside what quantization cannot do without.
     *
     * @param needed bytes
     * @param largest what needs most of them, for the message
     * @param directory for what does not fit; on a file system with room for it
     * @throws QuantizationException when not even what is needed fits
     */
    public StreamSpace beside(long needed, String largest, Path directory) {
        if (needed > bytes) {
            throw new QuantizationException(
                    "memory limit of %s: weights, sums and factors of %s take %s; allowed: %s or more, by --memory or fewbit.quantizer.memory"
                            .formatted(size(bytes), largest, size(needed), roundedUp(needed)));
        }
        return new StreamSpace(bytes - needed, directory);
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 2 * UNIT_BITS));
    }

    private static String roundedUp(long bytes) {
        return Math.ceilDiv(bytes, 1L << 2 * UNIT_BITS) + "M";
    }
}
