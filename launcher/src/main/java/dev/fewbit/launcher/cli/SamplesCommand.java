package dev.fewbit.launcher.cli;

import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.samples.SamplesParquet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fewbit samples}. */
@Command(
        name = "samples",
        description = {
            "Write a sample file as Parquet, for DuckDB, pandas or Spark.",
            "",
            "FILE is samples.jsonl as study run, generate or evaluate leaves it. A row a sample, in the same order; columns model, "
                    + "language, method, calibration, benchmark, problem, program, completion, finish, verdict (text), bits, index, "
                    + "tokens (integers), each null where the file does not say it.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExample:%n",
        footer = {
            "  ./fewbit samples runs/quickstart/samples.jsonl --out samples.parquet",
            "",
            "Exit status: 0 done, 1 failed, 2 wrong usage."
        })
final class SamplesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The samples, JSON lines.")
    private Path file;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The Parquet file; replaced if it exists.")
    private Path out;

    @Override
    public Integer call() {
        if (!Files.isRegularFile(file)) {
            throw LauncherException.usage(file + " is no file; expected samples.jsonl");
        }
        Path parent = out.toAbsolutePath().getParent();
        if (!out.toString().toLowerCase(Locale.ROOT).endsWith(".parquet")) {
            throw LauncherException.usage("--out is " + out + "; expected a name that ends in .parquet");
        }
        if (!Files.isDirectory(parent)) {
            throw LauncherException.usage("--out is " + out + ", but there is no directory " + parent);
        }
        long rows = new SamplesParquet().write(file, out);
        System.out.println(out + ": " + rows + (rows == 1 ? " sample" : " samples"));
        return 0;
    }
}
