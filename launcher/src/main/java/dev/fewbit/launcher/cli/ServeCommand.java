package dev.fewbit.launcher.cli;

import dev.fewbit.launcher.Installation;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.stack.Stack;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fewbit serve}. */
@Command(
        name = "serve",
        description = {
            "Start the whole stack and keep it up until a signal stops it.",
            "",
            "The gateway answers at --port; every other port is a free one, kept in DIR, so that stacks with different ports and "
                    + "directories run side by side.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./fewbit serve --port 8080 --data data",
            "  curl -H 'Content-Type: application/yaml' --data-binary @studies/quickstart.yaml \\",
            "       'http://127.0.0.1:8080/api/v1/studies?dryRun=true'",
            "",
            "Exit status: 0 stopped by a signal, 1 failed, 2 wrong usage."
        })
final class ServeCommand implements Callable<Integer> {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int HIGHEST_PORT = 65_535;

    @Option(names = "--port", required = true, paramLabel = "P", description = "Port of the gateway.")
    private int port;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Holds database, broker, artifacts and logs.")
    private Path data;

    @Option(
            names = "--benchmarks",
            paramLabel = "DIR",
            description = "Folder that holds a folder a benchmark, for studies that name one without a file. Default: "
                    + BenchmarkFolder.VARIABLE + " of the environment.")
    private Path benchmarks;

    @Option(
            names = "--bind",
            defaultValue = LOOPBACK,
            paramLabel = "ADDRESS",
            description = "Address to listen on. Only " + LOOPBACK + " (the default) until there is authentication.")
    private String bind;

    @Option(names = "--no-auth", description = "Accepted for scripts: there is no authentication yet.")
    private boolean noAuth;

    @Override
    public Integer call() throws InterruptedException {
        if (!LOOPBACK.equals(bind)) {
            throw LauncherException.usage(
                    "--bind is %s; allowed: %s, until there is authentication".formatted(bind, LOOPBACK));
        }
        if (port < 1 || port > HIGHEST_PORT) {
            throw LauncherException.usage("--port is %d; allowed: 1 to %d".formatted(port, HIGHEST_PORT));
        }
        if (noAuth) {
            System.out.println("--no-auth changes nothing: there is no authentication yet.");
        }
        Stack stack = new Stack(
                Installation.current(),
                data,
                OptionalInt.of(port),
                BenchmarkFolder.in(System.getenv(), BenchmarkFolder.of(benchmarks, "--benchmarks")));
        LogFile.to(stack.directory().logs());
        RunningStack.run(stack, () -> System.out.println("Stopping."), 0, () -> serve(stack));
        return 0;
    }

    private static void serve(Stack stack) throws InterruptedException {
        System.out.printf(
                "Ready: %s (studies at /api/v1/studies, OpenAPI at /q/openapi); data and logs in %s; Ctrl-C stops.%n",
                stack.gateway(), stack.directory().root());
        while (true) {
            Optional<String> failure = stack.failure();
            if (failure.isPresent()) {
                throw LauncherException.failed(failure.get());
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }
}
