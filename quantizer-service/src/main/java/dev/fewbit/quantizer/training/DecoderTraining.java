package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.LayerLinear;
import java.util.List;
import java.util.Map;

/** A 16-bit model, and the training of all its layers against its distribution. */
public interface DecoderTraining extends AutoCloseable {

    /**
     * Windows that the model writes itself: each begins with the first tokens of a prompt and goes on with tokens drawn from the model's
     * distribution, at temperature 1. Training on a few calibration windows again and again fits them and nothing else; what the model
     * writes is new text of the kind it knows, as much as is wanted. A window follows from the seed and its number alone.
     *
     * @param prompts of which each window takes one at random
     * @param prefix tokens of it that are kept, at least 1
     * @return {@code [count, length]}
     * @see <a href="https://arxiv.org/abs/2305.17888">Liu et al. 2023 (LLM-QAT)</a> for training on text that the model generates
     */
    int[][] write(int count, int[][] prompts, int prefix, long seed);

    /**
     * The layers, at {@code start}; the loss is the KL divergence from the 16-bit model.
     *
     * @param windows that losses and gradients are asked for
     * @param start a map a layer; what it does not name stays at 16 bits
     */
    TrainedLayers layers(TokenWindows windows, List<Map<LayerLinear, BlockQuantizedWeight>> start);

    @Override
    void close();
}
