package dev.fewbit.quantizer.planning;

import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.checkpoint.PublishedConfigurations;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.decoder.Gemma;
import dev.fewbit.model.decoder.Gemma2;
import dev.fewbit.model.decoder.GptBigCode;
import dev.fewbit.model.decoder.Granite;
import dev.fewbit.model.decoder.Llama;
import dev.fewbit.model.decoder.Mistral;
import dev.fewbit.model.decoder.Phi3;
import dev.fewbit.model.decoder.Qwen2;
import dev.fewbit.model.decoder.Qwen3;
import dev.fewbit.model.decoder.StarCoder2;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** {@code docs/models.md}: the architectures that are built, and what published checkpoints of them take. */
public final class ModelsPage {
    private static final int SLOTS = 8;
    private static final int LENGTH = 2048;
    private static final int PROCESSORS = 2;
    private static final double GIGA = 1e9;
    private static final int[] WIDTHS = {8, 4, 3, 2};

    private final PublishedConfigurations published = new PublishedConfigurations();
    private final CheckpointPlanner planner = new CheckpointPlanner(PROCESSORS);
    private final StudySizes study = new StudySizes();

    /**
     * What is covered of an architecture, and the fixtures that show it.
     *
     * @param covers for a reader
     * @param fixtures folders of tiny checkpoints, held against {@code transformers}
     */
    public record Coverage(String covers, List<String> fixtures) {
        public Coverage {
            fixtures = List.copyOf(fixtures);
        }
    }

    /** One line for each architecture. */
    public static Coverage coverage(Architecture architecture) {
        return switch (architecture) {
            case Llama llama ->
                new Coverage(
                        "rotary base, linear and llama3 scaling, grouped queries, biases; CodeLlama, DeepSeek-Coder, Llama 3, SmolLM2, Yi-Coder, OpenCoder, Granite-Code",
                        List.of("codellama", "deepseek-coder", "llama-3"));
            case Mistral mistral -> new Coverage("a window in all layers; Mistral, Codestral", List.of("mistral"));
            case Qwen2 qwen2 ->
                new Coverage(
                        "biases of queries, keys and values, a window from max_window_layers on; Qwen2, Qwen2.5, Qwen2.5-Coder",
                        List.of("qwen2.5-coder", "qwen2-windowed"));
            case Qwen3 qwen3 -> new Coverage("norms of queries and keys, dense models", List.of("qwen3"));
            case StarCoder2 starCoder2 ->
                new Coverage("layer norms, biases, GELU without a gate, a window", List.of("starcoder2"));
            case GptBigCode gptBigCode ->
                new Coverage(
                        "one head of keys and values, learned positions, fused weights; StarCoder, SantaCoder",
                        List.of("gpt-bigcode"));
            case Phi3 phi3 ->
                new Coverage(
                        "fused weights, a window, partial rotary positions, LongRoPE up to the length first learned; Phi-3, Phi-3.5-mini, Phi-4",
                        List.of("phi-3-mini", "phi-4-mini"));
            case Gemma gemma ->
                new Coverage("norms with 1 added, scaled embedding, GELU gate; Gemma, CodeGemma", List.of("gemma"));
            case Gemma2 gemma2 ->
                new Coverage(
                        "Gemma's, norms behind attention and MLP, both soft caps, a window in every other layer",
                        List.of("gemma-2"));
            case Granite granite ->
                new Coverage(
                        "multipliers of embedding, attention, residuals and logits; Granite 3", List.of("granite"));
        };
    }

    /** The page, in Markdown. */
    public String render() {
        StringBuilder page = new StringBuilder("""
                # Models

                Written by `./fewbit models > docs/models.md`; a test holds this page against what the command writes.

                ## Architectures

                A configuration that asks for anything else (another architecture, kind of rotary scaling or activation, weights that are
                quantized already) is refused with the key, its value and what is known. Each fixture is a tiny checkpoint with random weights
                and the published configuration, sizes reduced: `ArchitectureLogitsTest` holds its graph against the logits of `transformers`
                (1e-4: prefill, decoding alone and 8 ragged rows together, past windows and past the length first learned),
                `HalfGraphTest` the fp16 graph against the fp32 one, `ArchitecturesTest` runs its artifacts at 8, 4, 3 and 2 bits and holds the
                quantizer's own forward pass against the graph, and `ArtifactForecastTest` finds their sizes at each width as planned.

                `rtn`, `gptq`, `gptq+` and fidelity are there for all of them but checkpoints with GELU by the error function (`hidden_act: gelu`),
                which `rtn` alone takes; `awq` where norms in front of linears are of root mean squares and add nothing to their gains (not
                StarCoder2, GPT-BigCode, Gemma, Gemma-2). `--device cuda` computes the same of the same (`CudaArchitecturesIT`, where there is
                a GPU). `gptq+tuned` and `steps.weights` of `gptq+` are there for plain Llama, its rotary scaling included; elsewhere they are
                refused or, `steps.weights`, left out with a note.

                | `architectures` | `model_type` | covered | fixtures |
                | --- | --- | --- | --- |
                """);
        for (Architecture architecture : Architecture.all()) {
            Coverage coverage = coverage(architecture);
            page.append("| `%s` | `%s` | %s | %s |\n"
                    .formatted(
                            architecture.name(),
                            architecture.modelType(),
                            coverage.covers(),
                            String.join(", ", coverage.fixtures())));
        }
        page.append("""

                ## Checkpoints

                From their published configurations, which are part of the program: `./fewbit plan --checkpoint ID --recipe FILE` plans any
                of them with any recipe. GB are 10^9 bytes. Sizes are those of `model.onnx` and `weights.bin` with block size 64 and zero
                points, embedding and head at 16 bits; in brackets the study's file of the same checkpoint at that width. Parameters are those
                that the Hub states (`PublishedConfigurationsTest`). At 16 bits our sizes are the study's; its other files hold AQLM's codes
                and codebooks, those at 3 bits 12-bit codes in 16 (`PlannedAndMeasuredTest` holds how far apart they are).

                | checkpoint | parameters | longest sequence | 16 bits | 8 bits | 4 bits | 3 bits | 2 bits |
                | --- | --- | --- | --- | --- | --- | --- | --- |
                """);
        published.ids().forEach(id -> page.append(sizes(id)));
        page.append("""

                Memory in GB: the peak of making a 4-bit artifact by `rtn` and by `gptq` on 128 windows of 512 tokens with 2 processors
                (estimates, mapped files aside; streams of `gptq` go to files where `--memory` leaves no room), disk beside the checkpoint
                for the latter (the artifact, finished layers, and twice the streams kept for a resumption where they are at most 1 GiB), and serving the 4-bit artifact on a CPU in exact mode with %d
                slots of %,d tokens: weights as they are resident, the fp32 cache, and with an estimated workspace all together.

                | checkpoint | rtn | gptq | disk | weights | cache | served |
                | --- | --- | --- | --- | --- | --- | --- |
                """.formatted(SLOTS, LENGTH));
        published.ids().forEach(id -> page.append(needs(id)));
        page.append("""

                Estimates beside measurements (`PlannedAndMeasuredTest` holds the first column): random weights, peak of anonymous resident
                memory, 2 cores of an AMD EPYC (AVX-512), November 2026; those with a command were measured on 2026-11-25.

                | run | planned | measured |
                | --- | --- | --- |
                | `rtn` at 4 bits, Qwen2.5-Coder-0.5B's shape, heap of 96 MiB | 0.28 | 0.19 |
                | `rtn` at 4 bits, DeepSeek-Coder-1.3B's shape, `benchmarks/quantizer/scale/run memory` | 0.29 | 0.13 |
                | `gptq` at 4 bits, 128 windows of 512 tokens, SmolLM2-135M's shape, `benchmarks/quantizer/scale/run gptq` | 0.93 | 0.88 |
                | `gptq` at 4 bits, 128 windows of 512 tokens, a Llama of width 576 and 1,536, 2 layers, heap of 300 MiB | 0.93 | 0.90 |
                | serving Qwen2.5-Coder-0.5B's shape at 4 bits, 8 slots of 2,048, a prompt of 2,040 tokens, heap of 128 MiB | 1.80 | 1.77 |
                """);
        return page.toString();
    }

    private String sizes(String id) {
        List<String> cells = new ArrayList<>();
        CheckpointPlan baseline = plan(id, Recipe.baseline());
        cells.add(id);
        cells.add(String.format(Locale.ROOT, "%,d", baseline.parameters()));
        cells.add(String.format(
                Locale.ROOT, "%,d", published.find(id).orElseThrow().maxPositionEmbeddings()));
        cells.add(size(id, baseline));
        for (int bits : WIDTHS) {
            cells.add(size(id, plan(id, Recipe.roundToNearest(bits))));
        }
        return row(cells);
    }

    private String size(String id, CheckpointPlan plan) {
        String stored = gigabytes(plan.sizes().storedBytes());
        OptionalDouble known = study.gigabytes(id, plan.recipe().bits());
        return known.isEmpty() ? stored : String.format(Locale.ROOT, "%s (%.2f)", stored, known.getAsDouble());
    }

    private String needs(String id) {
        CheckpointPlan rtn = plan(id, Recipe.roundToNearest(4));
        CheckpointPlan gptq = plan(id, new Recipe(Method.GPTQ, 4, null, null));
        return row(List.of(
                id,
                gigabytes(rtn.quantizing().peakBytes()),
                gigabytes(gptq.quantizing().peakBytes()),
                gigabytes(gptq.quantizing().diskBytes()),
                gigabytes(rtn.serving().weightsBytes()),
                gigabytes(rtn.serving().cacheBytes()),
                gigabytes(rtn.serving().totalBytes())));
    }

    private CheckpointPlan plan(String id, Recipe recipe) {
        return planner.plan(id, recipe, SLOTS, LENGTH);
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f", bytes / GIGA);
    }
}
