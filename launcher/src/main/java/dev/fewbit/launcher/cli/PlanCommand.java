package dev.fewbit.launcher.cli;

import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.planning.CheckpointPlan;
import dev.fewbit.quantizer.planning.CheckpointPlanner;
import dev.fewbit.quantizer.planning.PlanText;
import dev.fewbit.yaml.InvalidYamlException;
import dev.fewbit.yaml.YamlRecords;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fewbit plan}. */
@Command(
        name = "plan",
        description = {
            "Say what an artifact will weigh, and what it takes to make and to serve it, before there is one.",
            "",
            "Needs no weights: a directory with config.json does, and so does the Hub id of a published code model.",
            "The sizes are those of the artifact to the byte; peaks of memory are estimates.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Fewbit.Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./fewbit plan --checkpoint Qwen/Qwen2.5-Coder-7B --recipe recipe.yaml",
            "  ./fewbit plan --checkpoint my/checkpoint --recipe recipe.yaml --slots 16 --length 4096 --json",
            "",
            "Exit status: 0 planned, 2 wrong usage, recipe, configuration or id."
        })
final class PlanCommand implements Callable<Integer> {
    @Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "DIR|ID",
            description = "A directory with config.json, or a Hub id such as codellama/CodeLlama-7b-hf.")
    private String checkpoint;

    @Option(names = "--recipe", required = true, paramLabel = "FILE", description = "How to quantize, YAML or JSON.")
    private Path recipe;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "8",
            description = "Completions side by side when served (default: ${DEFAULT-VALUE}).")
    private int slots;

    @Option(
            names = "--length",
            paramLabel = "L",
            defaultValue = "2048",
            description = "Tokens of a slot, prompt and completion together (default: ${DEFAULT-VALUE}).")
    private int length;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() {
        if (slots < 1 || length < 1) {
            throw LauncherException.usage("--slots is " + slots + ", --length is " + length + "; allowed: 1 or more");
        }
        try {
            Recipe read = new YamlRecords().read(TextFile.read(recipe), Recipe.class, recipe.toString());
            CheckpointPlan plan = new CheckpointPlanner().plan(checkpoint, read, slots, length);
            System.out.print(json ? PlanText.json(plan) : PlanText.table(plan));
            System.out.flush();
            return 0;
        } catch (InvalidYamlException | QuantizationException e) {
            throw LauncherException.usage(e.getMessage());
        }
    }
}
