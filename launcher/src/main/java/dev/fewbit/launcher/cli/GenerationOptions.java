package dev.fewbit.launcher.cli;

import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.generation.EngineOptions;
import dev.fewbit.generation.OnnxCompletionGenerators;
import dev.fewbit.launcher.Installation;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.generation.Generation;
import dev.fewbit.launcher.generation.GenerationOrder;
import dev.fewbit.launcher.generation.GenerationRun;
import dev.fewbit.launcher.terminal.GenerationDisplay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code generate} and {@code evaluate} generate. */
final class GenerationOptions {
    private static final String TERMINAL_PROPERTY = "fewbit.terminal";

    @Option(names = "--artifact", required = true, paramLabel = "DIR", description = "As ./fewbit quantize writes it.")
    private Path artifact;

    @Option(
            names = "--benchmark",
            required = true,
            paramLabel = "NAME",
            description = "A name that ./fewbit benchmarks lists.")
    private String benchmark;

    @Option(names = "--problems", paramLabel = "N", description = "The first N alone. Default: all.")
    private Integer problems;

    @Option(names = "--quiet", description = "No progress.")
    private boolean quiet;

    @Mixin
    private BenchmarkData data;

    @Mixin
    private DecodingOptions decoding;

    @Mixin
    private EngineChoice engine;

    BenchmarkLoader loader() {
        return new BenchmarkLoader(Installation.current().root(), data.folder());
    }

    String benchmark() {
        return benchmark;
    }

    /** Generates what is missing of {@code out}. */
    GenerationRun generate(Path out) {
        if (!Files.isDirectory(out.toAbsolutePath().getParent())) {
            throw LauncherException.usage("--out is " + out + ", but there is no directory "
                    + out.toAbsolutePath().getParent());
        }
        DecodingSpec said = decoding.spec();
        DecodingSpec spec = said.forBenchmark(benchmark);
        EngineOptions options = engine.options(spec.maxLength());
        GenerationOrder order = new GenerationOrder(
                artifact, benchmark, problems, said.samples().orElse(1), spec, out, options);
        GenerationDisplay display =
                new GenerationDisplay(System.err, Boolean.getBoolean(TERMINAL_PROPERTY), Clock.systemUTC());
        try {
            return new Generation(
                            loader(),
                            new OnnxCompletionGenerators(options),
                            order,
                            quiet ? (done, total, tokens) -> {} : display)
                    .run();
        } finally {
            display.clear();
        }
    }
}
