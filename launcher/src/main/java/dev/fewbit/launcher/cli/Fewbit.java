package dev.fewbit.launcher.cli;

import dev.fewbit.launcher.Installation;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command {@code fewbit}. */
@Command(
        name = "fewbit",
        description = {
            "How few bits can a code model live on before it writes worse code?",
            "",
            "A Hugging Face checkpoint goes in; ONNX artifacts with weights of 8, 4, 3 and 2 bits come out; each writes programs; "
                    + "the programs run in a jail; a table puts pass@1 beside memory.",
            ""
        },
        subcommands = {
            QuickstartCommand.class,
            StudyCommand.class,
            ServeCommand.class,
            QuantizeCommand.class,
            PlanCommand.class,
            ModelsCommand.class,
            BenchmarksCommand.class,
            InspectCommand.class,
            ExportCommand.class,
            GenerateCommand.class,
            EvaluateCommand.class,
            SamplesCommand.class,
            ExecCommand.class,
            ReplayCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./fewbit quickstart                      the first study, from nothing to its table (minutes)",
            "  ./fewbit study run studies/quickstart.yaml --out runs/mine --samples 1",
            "  ./fewbit serve --port 8080 --data data   the same stack, staying up",
            "  ./fewbit quantize --checkpoint reference-model/checkpoint --recipe recipe.yaml --out artifact",
            "  ./fewbit plan --checkpoint Qwen/Qwen2.5-Coder-7B --recipe recipe.yaml",
            "  ./fewbit inspect artifact --json",
            "  ./fewbit benchmarks --data ~/benchmarks   which benchmarks are here, where the others belong",
            "  ./fewbit exec --language python program.py --tests tests.py",
            "  ./fewbit replay --samples samples.jsonl --benchmark humaneval --data benchmarks",
            "  ./fewbit test                            the project's own tests",
            "",
            "Exit status: 0 done, 1 failed, 2 wrong usage or file, 130 interrupted.",
            "Every command explains itself: ./fewbit COMMAND --help"
        })
public final class Fewbit implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Runs a command and ends the JVM with its exit status. */
    public static void main(String[] arguments) {
        // The JDK encodes standard streams by the locale, which is often POSIX in containers; tables hold signs beyond
        // ASCII.
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        System.setOut(out);
        System.setErr(err);
        System.exit(run(arguments));
    }

    /** Runs a command and returns its exit status. */
    static int run(String... arguments) {
        CommandLine command = commandLine();
        try {
            return command.execute(arguments);
        } catch (LinkageError | VirtualMachineError e) {
            // picocli hands on exceptions only: a native library that does not load, or a heap that is too small, would
            // end
            // in a stack trace.
            return FailureReporter.error(e, command);
        }
    }

    private static CommandLine commandLine() {
        return new CommandLine(new Fewbit())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(FailureReporter::usage)
                .setExecutionExceptionHandler(FailureReporter::failure)
                .setExecutionStrategy(Fewbit::execute);
    }

    /** Help needs no log, and shall be quick. */
    private static int execute(ParseResult parsed) {
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        LogFile.ofInstallation();
        return new CommandLine.RunLast().execute(parsed);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** {@code --version}. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "fewbit " + Installation.version(),
                "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
            };
        }
    }
}
