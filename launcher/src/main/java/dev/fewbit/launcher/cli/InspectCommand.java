package dev.fewbit.launcher.cli;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.artifact.ArtifactInspector;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fewbit inspect}. */
@Command(
        name = "inspect",
        description = {"Check an artifact's files against their digests and show recipe, sizes and per-layer error.", ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExample:%n",
        footer = {
            "  ./fewbit inspect artifact --json",
            "",
            "Exit status: 0 whole, 1 not an artifact or changed, 2 wrong usage."
        })
final class InspectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The artifact's directory.")
    private Path directory;

    @Mixin
    private ManifestOutput output;

    @Override
    public Integer call() {
        try {
            ArtifactManifest manifest = new ArtifactInspector().read(directory);
            output.print(manifest);
            return 0;
        } catch (QuantizationException e) {
            throw LauncherException.failed(e.getMessage(), e);
        }
    }
}
