package dev.fewbit.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The published files, where somebody has them: in the folder that FEWBIT_BENCHMARKS names, or in {@code ../shared/benchmarks}
 * beside the checkout. Without them nothing can be said of them, and the tests are reported as skipped. Expected numbers were
 * counted with Python's {@code json}.
 */
class PublishedFilesIT {
    private static final Path ROOT =
            Path.of(System.getProperty("fewbit.root", "..")).toAbsolutePath().normalize();

    private Path data;

    @BeforeEach
    void findFiles() {
        String named = System.getenv("FEWBIT_BENCHMARKS");
        data = named != null
                ? Path.of(named)
                : ROOT.resolve("../shared/benchmarks").normalize();
        assumeTrue(Files.isDirectory(data), "no folder of benchmarks at " + data);
    }

    @Test
    void shouldBeTheKnownRevisionWhenAFileIsThere() {
        // When
        List<BenchmarkListing> listings = BenchmarkCatalog.list(new BenchmarkLoader(ROOT, Optional.of(data)));

        // Then
        assertThat(listings)
                .filteredOn(listing -> Files.isRegularFile(data.resolve(listing.file())))
                .isNotEmpty()
                .allSatisfy(listing -> {
                    assertThat(listing.reason()).isNull();
                    assertThat(listing.available()).isTrue();
                    assertThat(listing.revision())
                            .isEqualTo(BenchmarkDefinitions.find(listing.name())
                                    .orElseThrow()
                                    .revision());
                });
    }

    @ParameterizedTest
    @CsvSource({
        "reference-python,420",
        "reference-java,420",
        "humaneval,164",
        "humanevalplus,164",
        "mbpp,974",
        "mbpp-sanitized,426",
        "mbppplus,378",
        "mceval-python,42",
        "mceval-java,53",
        "multipl-e-humaneval-python,161",
        "multipl-e-humaneval-java,158",
        "multipl-e-humaneval-javascript,161",
        "multipl-e-humaneval-typescript,159",
        "multipl-e-humaneval-go,154",
        "multipl-e-humaneval-rust,156",
        "multipl-e-humaneval-bash,158",
        "multipl-e-humaneval-cpp,161",
        "multipl-e-humaneval-ocaml,155",
        "multipl-e-mbpp-java,387",
        "multipl-e-mbpp-haskell,355",
    })
    void shouldHaveAllProblemsWhenThePublishedFileIsRead(String name, int problems) throws Exception {
        assertThat(load(name).problems()).hasSize(problems);
    }

    @ParameterizedTest
    @CsvSource({"humanevalplus,1570,122683", "mbppplus,1174,39841"})
    void shouldHaveAllInputsWhenEvalPlus(String name, int base, int plus) throws Exception {
        // When
        List<Tests.InputComparison> comparisons = new ArrayList<>();
        load(name).problems().forEach(problem -> comparisons.add((Tests.InputComparison) problem.tests()));

        // Then
        assertThat(comparisons.stream()
                        .mapToInt(tests -> tests.baseInputs().size())
                        .sum())
                .isEqualTo(base);
        assertThat(comparisons.stream()
                        .mapToInt(tests -> tests.plusInputs().size())
                        .sum())
                .isEqualTo(plus);
    }

    private Benchmark load(String name) throws InvalidBenchmarkException {
        return new BenchmarkLoader(ROOT, Optional.of(data)).load(BenchmarkLoader.definition(name));
    }
}
