package dev.fewbit.launcher.cli;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.quantizer.artifact.ManifestJson;
import dev.fewbit.quantizer.inspection.ArtifactTable;
import picocli.CommandLine.Option;

/** How commands show an artifact. */
final class ManifestOutput {
    @Option(names = "--json", description = "Print fewbit.json instead of a table.")
    private boolean json;

    void print(ArtifactManifest manifest) {
        System.out.print(json ? ManifestJson.write(manifest) : new ArtifactTable().render(manifest));
        System.out.flush();
    }
}
