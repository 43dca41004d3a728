package dev.fewbit.launcher.cli;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.artifact.ArtifactExport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fewbit export}. */
@Command(
        name = "export",
        description = {
            "Write an artifact with 2- and 3-bit codes in the 4-bit layout, every weight as it was.",
            "",
            "No kernel reads 3 bits, and on CUDA none reads 2. What this writes is loaded by ONNX Runtime 1.29 or later",
            "without Fewbit: model.onnx on a CPU, model-fp16.onnx on CUDA. Its linears take the room of 4 bits.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExample:%n",
        footer = {
            "  ./fewbit export --layout 4bit --artifact artifact --out artifact-4bit",
            "",
            "Exit status: 0 done, 1 failed, 2 wrong usage."
        })
final class ExportCommand implements Callable<Integer> {
    /** The layouts that there are. */
    enum Layout {
        FOUR_BIT;

        @Override
        public String toString() {
            return "4bit";
        }
    }

    @Option(
            names = "--layout",
            required = true,
            paramLabel = "LAYOUT",
            converter = LayoutConverter.class,
            description = "4bit: the layout of ONNX Runtime's 4-bit kernels.")
    private Layout layout;

    @Option(names = "--artifact", required = true, paramLabel = "DIR", description = "An artifact of 2 or 3 bits.")
    private Path artifact;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "The new artifact; must not exist (see --overwrite), its parent must.")
    private Path out;

    @Option(names = "--overwrite", description = "Replace an artifact at --out once the new one is whole.")
    private boolean overwrite;

    @Mixin
    private ManifestOutput output;

    @Override
    public Integer call() {
        try {
            ArtifactManifest manifest = switch (layout) {
                case FOUR_BIT -> new ArtifactExport().toFourBits(artifact, out, overwrite);
            };
            output.print(manifest);
            return 0;
        } catch (QuantizationException e) {
            throw LauncherException.failed(e.getMessage(), e);
        }
    }
}
