package dev.fewbit.model.resident;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.fewbit.model.fused.FusedModel;
import dev.fewbit.model.fused.FusedOperators;
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
        return FastestLinears.choose(
                stored,
                model,
                weights -> model.needs(
                        weights, settings.maxLength(), settings.numbers().type()),
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

    /** Type of activations and cache. */
    ElementType activations() {
        return placement.isGpu() ? settings.numbers().type() : ElementType.FLOAT;
    }

    /** A session, and the kernels that it calls. */
    record Loaded(NativeSession session, Optional<FusedOperators> operators) implements AutoCloseable {
        @Override
        public void close() {
            session.close();
            operators.ifPresent(FusedOperators::close);
        }
    }

    /**
     * Loads a model over what was prepared.
     *
     * @param fused what of it kernels of our own compute
     * @param model that of {@code fused}, or one made of it
     * @param graphs whether its steps are recorded, on a GPU
     * @throws OnnxRuntimeException when it is refused
     */
    Loaded load(ModelPreparation.Prepared prepared, FusedModel fused, ModelProto model, boolean graphs) {
        Optional<FusedOperators> operators =
                settings.fused().isEmpty() ? Optional.empty() : Optional.of(placement.operators(fused));
        try (NativeOptions options = new NativeOptions(placement.api(), settings.threads())) {
            options.weights(prepared.directory());
            settings.session().forEach(options::entry);
            if (placement.isGpu()) {
                options.cuda(placement.provider(graphs));
            }
            operators.ifPresent(found -> options.operators(found.operators()));
            return new Loaded(new NativeSession(placement.api(), model.toByteArray(), options), operators);
        } catch (OnnxRuntimeException e) {
            operators.ifPresent(FusedOperators::close);
            throw e;
        }
    }
}
