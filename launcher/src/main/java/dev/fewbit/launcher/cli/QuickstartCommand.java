package dev.fewbit.launcher.cli;

import dev.fewbit.launcher.Installation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code fewbit quickstart}. */
@Command(
        name = "quickstart",
        description = {
            "Run the first study: the reference model at 16, 8, 4, 3 and 2 bits, Python and Java.",
            "",
            "The same as: study run studies/quickstart.yaml --out runs/quickstart",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./fewbit quickstart",
            "  ./fewbit quickstart --samples 1 --out /tmp/quick",
            "",
            "Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted."
        })
final class QuickstartCommand implements Callable<Integer> {
    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws InterruptedException {
        new StudyRunner().run(Installation.current().root().resolve("studies/quickstart.yaml"), options, "quickstart");
        return 0;
    }
}
