package dev.fewbit.evaluator.energy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Energy of the processors' packages by RAPL, as Linux's powercap shows it: a directory {@code intel-rapl:N} a package (AMD's too) with
 * {@code energy_uj}, which falls back to 0 past {@code max_energy_range_uj}. Cores and memory of a package
 * ({@code intel-rapl:N:M}) are in it, or apart and on few machines, and are not added.
 *
 * @see <a href="https://docs.kernel.org/power/powercap/powercap.html">Power capping framework</a>
 */
final class RaplCounter implements EnergyCounter {
    static final Path POWERCAP = Path.of("/sys/class/powercap");
    private static final double MICRO = 1e-6;

    private final List<Package> packages;
    private double joules;

    private RaplCounter(List<Package> packages) {
        this.packages = packages;
    }

    /**
     * The machine's packages, or empty where there are none or only root may read them.
     *
     * @param powercap directory of the framework
     */
    static Optional<EnergyCounter> open(Path powercap) {
        List<Package> found = new ArrayList<>();
        if (Files.isDirectory(powercap)) {
            try (DirectoryStream<Path> zones = Files.newDirectoryStream(powercap, "intel-rapl:*")) {
                for (Path zone : zones) {
                    if (zone.getFileName().toString().matches("intel-rapl:\\d+")) {
                        found.add(new Package(zone));
                    }
                }
            } catch (IOException | NumberFormatException e) {
                // Since 2020 the counters are root's alone on most kernels (CVE-2020-8694): not measured, and said so.
                return Optional.empty();
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(new RaplCounter(found));
    }

    @Override
    public double joules() {
        for (Package one : packages) {
            joules += one.advance() * MICRO;
        }
        return joules;
    }

    @Override
    public String description() {
        return "RAPL, " + packages.size() + (packages.size() == 1 ? " processor package" : " processor packages")
                + " with all that ran on them";
    }

    private static final class Package {
        private final Path energy;
        private final long range;
        private long last;

        Package(Path zone) throws IOException {
            energy = zone.resolve("energy_uj");
            range = number(zone.resolve("max_energy_range_uj"));
            last = number(energy);
        }

        /** Microjoules since the last call. */
        long advance() {
            long now;
            try {
                now = number(energy);
            } catch (IOException | NumberFormatException e) {
                throw new EnergyException("cannot read " + energy + " any more: " + e.getMessage(), e);
            }
            long gone = now - last;
            last = now;
            return gone < 0 ? gone + range : gone;
        }

        private static long number(Path file) throws IOException {
            return Long.parseLong(Files.readString(file).strip());
        }
    }
}
