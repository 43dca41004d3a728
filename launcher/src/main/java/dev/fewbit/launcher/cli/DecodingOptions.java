package dev.fewbit.launcher.cli;

import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.evaluation.DecodingPreset;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.contracts.evaluation.PromptStyle;
import dev.fewbit.launcher.LauncherException;
import java.util.List;
import picocli.CommandLine.Option;

/** How completions are drawn; what is not said is the preset's, or the standard of studies. */
final class DecodingOptions {
    @Option(
            names = "--preset",
            paramLabel = "P",
            converter = PresetConverter.class,
            description =
                    "paper (temperature 0.2, top_p 0.95, top_k 50, 20 samples, 1,024 tokens in all, 1,500 for McEval, prompt "
                            + "stripped) or greedy. Default: as paper, but 300 new tokens and the prompt as it is.")
    private DecodingPreset preset;

    @Option(names = "--samples", paramLabel = "N", description = "Samples a problem. Default: the preset's, else 1.")
    private Integer samples;

    @Option(names = "--temperature", paramLabel = "T", description = "0 is greedy.")
    private Double temperature;

    @Option(names = "--top-p", paramLabel = "P", description = "In (0, 1].")
    private Double topP;

    @Option(names = "--top-k", paramLabel = "K", description = "1 to 50.")
    private Integer topK;

    @Option(names = "--max-new-tokens", paramLabel = "N", description = "Of a completion.")
    private Integer maxNewTokens;

    @Option(names = "--max-length", paramLabel = "N", description = "Of prompt and completion together, instead.")
    private Integer maxLength;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description =
                    "Ends a completion and is cut off with what follows, beside the benchmark's own. May be given several times.")
    private List<String> stop;

    @Option(names = "--seed", paramLabel = "S", description = "Default: 0.")
    private Long seed;

    @Option(
            names = "--mode",
            paramLabel = "M",
            converter = ModeConverter.class,
            description = "exact (activations at full precision; default) or fast (rounded to int8 in linears).")
    private ExecutionMode mode;

    @Option(
            names = "--prompt",
            paramLabel = "STYLE",
            converter = PromptConverter.class,
            description = "plain (default), stripped, or chat (the tokenizer's chat template).")
    private PromptStyle prompt;

    /** The specification; a preset's length is still open. */
    DecodingSpec spec() {
        try {
            return new DecodingSpec(
                    preset, temperature, topP, topK, maxNewTokens, maxLength, stop, seed, mode, prompt, samples);
        } catch (InvalidSpecException e) {
            throw LauncherException.usage(e.getMessage());
        }
    }

    /** {@code paper} and {@code greedy}. */
    static final class PresetConverter extends LabelConverter<DecodingPreset> {
        PresetConverter() {
            super(DecodingPreset.values());
        }
    }

    /** {@code exact} and {@code fast}. */
    static final class ModeConverter extends LabelConverter<ExecutionMode> {
        ModeConverter() {
            super(ExecutionMode.values());
        }
    }

    /** {@code plain}, {@code stripped} and {@code chat}. */
    static final class PromptConverter extends LabelConverter<PromptStyle> {
        PromptConverter() {
            super(PromptStyle.values());
        }
    }
}
