package dev.fewbit.quantizer.planning;

import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.quantizer.footprint.Footprint;

/**
 * What an artifact will weigh, as its {@code fewbit.json} will say once it is made of a checkpoint of one type.
 *
 * @param sizes the three sizes
 * @param files bytes of both graphs and the weights; the graphs those of a bf16 checkpoint, which casts most
 */
public record ArtifactForecast(ArtifactSizes sizes, long files) {
    /** Of any recipe: methods differ in values, not in sizes. */
    public static ArtifactForecast of(ModelConfig config, Recipe recipe) {
        Footprint footprint = new Footprint();
        DecoderGraph.Sizes files = DecoderGraph.measure(config, new ShapeWeights(config.decoder(), recipe, footprint));
        footprint.addOthers(config.decoder(), recipe.embeddingBits() == Recipe.BASELINE_BITS);
        ArtifactSizes sizes = footprint.sizes(files.weights() + files.graph());
        return new ArtifactForecast(sizes, files.weights() + files.graph() + files.halfGraph());
    }
}
