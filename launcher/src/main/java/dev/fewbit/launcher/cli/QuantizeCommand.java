package dev.fewbit.launcher.cli;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.launcher.Installation;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.terminal.BuildDisplay;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.artifact.ArtifactTexts;
import dev.fewbit.quantizer.artifact.BuildObserver;
import dev.fewbit.quantizer.artifact.Device;
import dev.fewbit.quantizer.artifact.LocalQuantization;
import dev.fewbit.quantizer.overlap.Decontamination;
import dev.fewbit.quantizer.streams.MemoryLimit;
import dev.fewbit.yaml.InvalidYamlException;
import dev.fewbit.yaml.YamlRecords;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fewbit quantize}. */
@Command(
        name = "quantize",
        description = {
            "Make one artifact of a checkpoint: model.onnx, weights.bin, the tokenizer's files and fewbit.json.",
            "",
            "Runs in this process: no broker, no database. The artifact is whole or absent. When it is stopped or",
            "killed, the same command goes on at the first layer that was not finished.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nA recipe:%n",
        footer = {
            "  method: gptq+      none (16 bits), rtn (round to nearest), calibrated: awq, gptq, gptq+, gptq+tuned",
            "  bits: 4            8, 4, 3 or 2; 16 with method none",
            "  block_size: 64     32, 64 (default) or 128 weights share a scale",
            "  symmetric: false   true: no zero points",
            "  calibration: {set: code, sequences: 128, length: 512, seed: 0}",
            "                     set: code, mixed or random; or file: a JSONL(.gz) with a text field, or a",
            "                     folder of source files",
            "  overrides: [{match: layers.*.mlp.down_proj, bits: 4}]   other widths for some linears",
            "  clipping: mse      of rtn: minmax (default) or the range with the least squared error",
            "  fidelity: {code: FILE, text: FILE}   held-out texts; for the reference model its own",
            "  steps: {search: true, target: true, residual: true, weights: true, descent: 2, refit: true}",
            "                     of gptq+ and gptq+tuned, each may be switched off; act_order: true of gptq as well",
            "",
            "Example:",
            "  ./fewbit quantize --checkpoint reference-model/checkpoint --recipe recipe.yaml --out artifact",
            "",
            "Exit status: 0 done, 1 failed, 2 wrong usage or recipe."
        })
final class QuantizeCommand implements Callable<Integer> {
    @Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "DIR",
            description = "Hugging Face directory: config.json, tokenizer.json, model*.safetensors.")
    private Path checkpoint;

    @Option(names = "--recipe", required = true, paramLabel = "FILE", description = "How to quantize, YAML or JSON.")
    private Path recipe;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "The artifact; must not exist (see --overwrite), its parent must.")
    private Path out;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Benchmarks to look for in the calibration text, a folder each, besides the reference model's.")
    private Path data;

    @Option(
            names = "--forbid-overlap",
            description = "Refuse calibration text that shares ten words in a row with a benchmark.")
    private boolean forbidOverlap;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            converter = DeviceConverter.class,
            defaultValue = "cpu",
            description = {
                "What calibration windows are computed on: cpu (default) or cuda, an NVIDIA GPU with its driver,",
                "cuBLAS, NVRTC and cuSOLVER. It shows in the artifact's bytes, which name it."
            })
    private Device device;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "Memory off the heap, such as 8G; what does not fit lies in files beside --out. Default: half of the machine's.")
    private String memory;

    @Option(names = "--overwrite", description = "Replace an artifact at --out once the new one is whole.")
    private boolean overwrite;

    @Option(names = "--quiet", description = "No progress on standard error.")
    private boolean quiet;

    @Mixin
    private ManifestOutput output;

    @Override
    public Integer call() {
        try {
            Recipe read = new YamlRecords().read(TextFile.read(recipe), Recipe.class, recipe.toString());
            Path root = Installation.current().root();
            ArtifactTexts texts = ArtifactTexts.of(root, new Decontamination(data, forbidOverlap));
            ArtifactManifest manifest =
                    make(new LocalQuantization(texts, device, limit()), new RecipeFiles(root).found(read));
            output.print(manifest);
            return 0;
        } catch (InvalidYamlException e) {
            throw LauncherException.usage(e.getMessage());
        } catch (QuantizationException e) {
            throw LauncherException.failed(e.getMessage(), e);
        }
    }

    private MemoryLimit limit() {
        try {
            return memory == null ? MemoryLimit.standard() : MemoryLimit.parse(memory);
        } catch (IllegalArgumentException e) {
            throw LauncherException.usage("--memory: " + e.getMessage());
        }
    }

    private ArtifactManifest make(LocalQuantization quantization, Recipe found) {
        if (quiet) {
            return quantization.quantize(checkpoint, found, out, overwrite, BuildObserver.NONE);
        }
        BuildDisplay display = new BuildDisplay(System.err, Boolean.getBoolean("fewbit.terminal"), Clock.systemUTC());
        Thread stopped = new Thread(() -> {
            display.clear();
            System.err.println("fewbit: stopped; the same command goes on with what is finished");
        });
        Runtime.getRuntime().addShutdownHook(stopped);
        try {
            return quantization.quantize(checkpoint, found, out, overwrite, display);
        } finally {
            display.clear();
            Runtime.getRuntime().removeShutdownHook(stopped);
        }
    }
}
