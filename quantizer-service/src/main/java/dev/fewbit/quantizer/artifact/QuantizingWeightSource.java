package dev.fewbit.quantizer.artifact;

import dev.fewbit.contracts.artifact.LayerError;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.model.architecture.DenseWeight;
import dev.fewbit.model.architecture.LinearWeight;
import dev.fewbit.model.architecture.WeightSource;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.model.decoder.Architecture;
import dev.fewbit.model.decoder.LinearSpec;
import dev.fewbit.quantizer.fidelity.FidelityMeasurement;
import dev.fewbit.quantizer.footprint.Footprint;
import dev.fewbit.quantizer.method.QuantizationMethod;
import dev.fewbit.quantizer.method.QuantizedLinear;
import dev.fewbit.quantizer.method.SixteenBits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Hands a checkpoint's weights to the graph, decoder linears mapped by the recipe's method, embedding and head rounded to its width for them, everything else at 16 bits, and keeps
 * account of errors and bytes. One weight at a time is in memory.
 */
final class QuantizingWeightSource implements WeightSource {
    private final Checkpoint checkpoint;
    private final Recipe recipe;
    private final FidelityMeasurement fidelity;
    private final QuantizationMethod method;
    private final QuantizationMethod tables;
    private final BuildObserver observer;
    private final Set<String> linears;
    private final List<LayerError> layers = new ArrayList<>();
    private final Footprint footprint;
    private int done;
    private long weights;

    /** @param fidelity is handed what was quantized; {@code null} when it is not measured */
    QuantizingWeightSource(
            ArtifactPlan plan,
            QuantizationMethod method,
            List<LinearSpec> decoderLinears,
            Footprint footprint,
            FidelityMeasurement fidelity,
            BuildObserver observer) {
        this.checkpoint = plan.checkpoint();
        this.recipe = plan.recipe();
        this.method = method;
        tables = QuantizationMethod.embedding(plan.recipe());
        this.fidelity = fidelity;
        this.footprint = footprint;
        this.observer = observer;
        this.linears = decoderLinears.stream().map(LinearSpec::weight).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public LinearWeight linear(String name) {
        Tensor tensor = checkpoint.tensor(name);
        if (!linears.contains(name)) {
            return table(tensor, false);
        }
        observer.linearsWritten(done, linears.size(), weights);
        QuantizedLinear quantized = method.apply(tensor);
        footprint.addLinear(quantized.weight());
        if (quantized.weight() instanceof BlockQuantizedWeight blocks) {
            layers.add(new LayerError(name, blocks.bits(), quantized.relativeError()));
            if (fidelity != null) {
                fidelity.replace(name, blocks);
            }
        }
        done++;
        weights += tensor.elements();
        return quantized.weight();
    }

    @Override
    public LinearWeight embedding(String name) {
        return table(checkpoint.tensor(name), checkpoint.config().tieWordEmbeddings());
    }

    /** The embedding, or an untied head: rounded to nearest at the recipe's width for them. */
    private LinearWeight table(Tensor tensor, boolean tied) {
        if (recipe.embeddingBits() == Recipe.BASELINE_BITS) {
            return new DenseWeight(SixteenBits.of(tensor));
        }
        QuantizedLinear quantized = tables.apply(tensor);
        BlockQuantizedWeight blocks = (BlockQuantizedWeight) quantized.weight();
        boolean head = tensor.name().equals(Architecture.HEAD);
        if (head) {
            footprint.addHead(blocks);
        } else {
            footprint.addEmbedding(blocks, tied);
        }
        layers.add(new LayerError(tensor.name(), blocks.bits(), quantized.relativeError()));
        if (fidelity != null) {
            fidelity.replaceTable(blocks, !head, head || tied);
        }
        return blocks;
    }

    @Override
    public Tensor tensor(String name) {
        Tensor original = checkpoint.tensor(name);
        Tensor now = method.tensor(original);
        if (fidelity != null && now != original) {
            fidelity.replace(now);
        }
        return SixteenBits.of(now);
    }

    @Override
    public void written() {
        method.written();
        tables.written();
    }

    /** Tells the observer that the last linear was written. */
    void finish() {
        observer.linearsWritten(done, linears.size(), weights);
    }

    /** How far each linear moved, in the graph's order; empty at 16 bits. */
    List<LayerError> layers() {
        return List.copyOf(layers);
    }
}
