package dev.fewbit.model.checkpoint;

import java.util.List;
import java.util.OptionalInt;

/**
 * What {@code config.json} says about a decoder, defaults filled in as {@code transformers} does.
 *
 * @param architecture such as {@code LlamaForCausalLM}
 * @param vocabSize rows of the embedding
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width inside the MLP
 * @param layers decoder layers
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim width of a head
 * @param rmsNormEps added to the mean square in the norms
 * @param ropeTheta base of the rotary frequencies
 * @param maxPositionEmbeddings longest sequence it was trained for
 * @param tieWordEmbeddings the head's weight is the embedding
 * @param bosTokenId begins a sequence, where the model has one
 * @param eosTokenIds end a completion: of {@code generation_config.json} where it names any, else of {@code config.json}
 * @param hiddenAct activation of the MLP: {@code silu}
 */
public record ModelConfig(
        String architecture,
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        double rmsNormEps,
        double ropeTheta,
        int maxPositionEmbeddings,
        boolean tieWordEmbeddings,
        OptionalInt bosTokenId,
        List<Integer> eosTokenIds,
        String hiddenAct) {
    public ModelConfig {
        eosTokenIds = List.copyOf(eosTokenIds);
    }
}
