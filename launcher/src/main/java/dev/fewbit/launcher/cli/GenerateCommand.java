package dev.fewbit.launcher.cli;

import dev.fewbit.launcher.generation.GenerationRun;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fewbit generate}. */
@Command(
        name = "generate",
        description = {
            "Let an artifact write programs for a benchmark, without executing them.",
            "",
            "Samples go to FILE.part as they finish, and to FILE when all are there; a run that was stopped goes on with the sample that "
                    + "was missing. Beside FILE lies FILE.provenance.json. ./fewbit replay executes them, here or elsewhere.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./fewbit generate --artifact artifact --benchmark reference-python --out samples.jsonl",
            "  ./fewbit generate --artifact artifact --benchmark multipl-e-humaneval-java --data ~/benchmarks --preset paper \\",
            "    --out samples.jsonl --json",
            "",
            "Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted."
        })
final class GenerateCommand implements Callable<Integer> {
    @Mixin
    private GenerationOptions generation;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The samples, JSON lines.")
    private Path out;

    @Option(names = "--json", description = "Print what FILE.provenance.json says.")
    private boolean json;

    @Override
    public Integer call() {
        GenerationRun run = generation.generate(out);
        System.out.print(json ? JsonText.of(run) : text(out, run));
        System.out.flush();
        return 0;
    }

    static String text(Path out, GenerationRun run) {
        String speed = run.tokensPerSecond() == null
                ? "all there already"
                : String.format(Locale.ROOT, "%,.0f tokens/s in %.1f s", run.tokensPerSecond(), run.seconds());
        return String.format(
                Locale.ROOT,
                "%s: %,d samples of %,d problems, %,d tokens; %s%n",
                out,
                run.samples(),
                run.problems(),
                run.tokens(),
                speed);
    }
}
