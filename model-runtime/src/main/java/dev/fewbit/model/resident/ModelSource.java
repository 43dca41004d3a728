package dev.fewbit.model.resident;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.fewbit.model.fused.FusedModel;
import dev.fewbit.model.fused.FusedOperators;
import dev.fewbit.model.fused.Fusion;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.ort.NativeOptions;
import dev.fewbit.model.ort.NativeSession;
import dev.fewbit.model.ort.OnnxRuntimeException;
import dev.fewbit.model.resident.ResidentSettings.Linears;
import dev.fewbit.model.session.InvalidArtifactException;
import dev.fewbit.model.session.ModelPreparation;
import dev.fewbit.model.session.Widening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * An artifact's model, to be loaded on a device.
 *
 * @param artifact its directory
 * @param settings whose linears are settled
 */
record ModelSource(Path artifact, Placement placement, ResidentSettings settings) {
    /** The source with the linears that the settings ask for, or that are fastest. */
    static ModelSource of(Path artifact, Placement placement, ResidentSettings settings) throws IOException {
        Linears linears =
                settings.linears() == Linears.FASTEST ? fastest(artifact, placement, settings) : settings.linears();
        return new ModelSource(artifact, placement, settings.with(linears));
    }

    private static Linears fastest(Path artifact, Placement placement, ResidentSettings settings) throws IOException {
        if (!placement.isGpu()) {
            return Linears.CODES;
        }
        ModelProto stored = ModelPreparation.read(artifact, placement.graph());
        ResidentModel model = ResidentModel.of(stored);
        ElementType cache = settings.fused().contains(Fusion.ATTENTION)
                ? cache(
                        Optional.of(FusedModel.of(stored, Set.of(Fusion.ATTENTION))),
                        settings.numbers().type())
                : settings.numbers().type();
        return FastestLinears.choose(
                stored,
                model,
                weights -> model.needs(weights, settings.maxLength(), cache),
                placement.memory().freeBytes(),
                settings.slots());
    }

    /** @throws InvalidArtifactException when there is no such model in it */
    ModelPreparation.Prepared prepare() throws IOException {
        Widening half = settings.linears() == Linears.DENSE ? Widening.HALF : Widening.FOUR_BITS;
        ModelPreparation.Prepared prepared = ModelPreparation.prepare(
                artifact, placement.graph(), placement.isGpu() ? half : Widening.EXACT, settings.scratchDirectory());
        return activations() == ElementType.BFLOAT16
                ? new ModelPreparation.Prepared(
                        BrainFloatGraph.of(prepared.model()), prepared.directory(), prepared.scratch())
                : prepared;
    }

    /** Type of activations. */
    ElementType activations() {
        return placement.isGpu() ? settings.numbers().type() : ElementType.FLOAT;
    }

    /** What was prepared with operators of our own; empty when none is wanted or fits. */
    Optional<FusedModel> fused(ModelProto prepared) {
        return settings.fused().isEmpty()
                ? Optional.empty()
                : Optional.of(FusedModel.of(prepared, settings.fused()))
                        .filter(found -> !found.fused().isEmpty());
    }

    /** Type of keys and values. */
    ElementType cache(Optional<FusedModel> fused) {
        return cache(fused, activations());
    }

    private static ElementType cache(Optional<FusedModel> fused, ElementType activations) {
        return fused.filter(model -> model.fused().contains(Fusion.ATTENTION)).isPresent()
                ? ElementType.INT8
                : activations;
    }

    /**
     * Loads what was prepared, or its fused form.
     *
     * @throws OnnxRuntimeException when it is refused
     * @throws dev.fewbit.model.device.DeviceException when kernels of our own are wanted and cannot be compiled here
     */
    LoadedModel load(ModelPreparation.Prepared prepared, Optional<FusedModel> fused) {
        Optional<FusedOperators> operators = fused.map(placement::operators);
        ModelProto model = fused.map(FusedModel::model).orElse(prepared.model());
        try {
            return new LoadedModel(session(prepared, model, settings.graphs(), operators), operators);
        } catch (OnnxRuntimeException e) {
            operators.ifPresent(FusedOperators::close);
            throw e;
        }
    }

    /**
     * Loads another model over what was prepared, whose steps are not recorded and which has no operators of ours.
     *
     * @throws OnnxRuntimeException when it is refused
     */
    NativeSession loadPlain(ModelPreparation.Prepared prepared, ModelProto model) {
        return session(prepared, model, false, Optional.empty());
    }

    private NativeSession session(
            ModelPreparation.Prepared prepared, ModelProto model, boolean graphs, Optional<FusedOperators> operators) {
        try (NativeOptions options = new NativeOptions(placement.api(), settings.threads())) {
            options.weights(prepared.directory());
            settings.session().forEach(options::entry);
            if (placement.isGpu()) {
                options.cuda(placement.provider(graphs));
            }
            operators.ifPresent(found -> options.operators(found.operators()));
            return new NativeSession(placement.api(), model.toByteArray(), options);
        }
    }
}
