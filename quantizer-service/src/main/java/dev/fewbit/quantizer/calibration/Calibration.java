package dev.fewbit.quantizer.calibration;

import dev.fewbit.contracts.recipe.CalibrationSpec;
import java.util.List;

/**
 * The windows that a calibrated method looks at, and what they were cut from.
 *
 * @param spec they were asked for with
 * @param windows of token ids
 * @param bos token that the tokenizer puts in front of every document, {@code null} where it puts none
 * @param documents that have a part in the windows, each once
 */
public record Calibration(CalibrationSpec spec, TokenWindows windows, Integer bos, List<TextDocument> documents) {
    public Calibration {
        documents = List.copyOf(documents);
    }
}
