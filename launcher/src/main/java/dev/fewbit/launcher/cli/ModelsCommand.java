package dev.fewbit.launcher.cli;

import dev.fewbit.quantizer.planning.ModelsPage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code fewbit models}. */
@Command(
        name = "models",
        description = {
            "Print the architectures that are built, and what published checkpoints of them take, as Markdown: docs/models.md.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExample:%n",
        footer = {"  ./fewbit models > docs/models.md", "", "Exit status: 0."})
final class ModelsCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.print(new ModelsPage().render());
        System.out.flush();
        return 0;
    }
}
