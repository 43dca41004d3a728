package dev.fewbit.quantizer.method;

import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.quantizer.calibration.TokenWindows;
import dev.fewbit.quantizer.forward.ForwardSupport;
import dev.fewbit.quantizer.forward.LayerLinear;
import dev.fewbit.quantizer.forward.LayerWeights;
import dev.fewbit.quantizer.streams.CalibrationEngine;
import dev.fewbit.quantizer.streams.CalibrationStreams;
import dev.fewbit.quantizer.streams.InputSums;
import dev.fewbit.quantizer.streams.LayerInputs;
import dev.fewbit.quantizer.streams.SumsWanted;
import dev.fewbit.quantizer.training.Sensitivity;
import dev.fewbit.quantizer.training.TrainingEngine;
import dev.fewbit.quantizer.work.WorkDirectory;
import dev.fewbit.quantizer.work.WorkObserver;
import dev.fewbit.quantizer.work.WorkStep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Goes through the decoder layer by layer with all calibration windows, once with the original weights where they are needed and once with
 * those already quantized, and quantizes each linear on the inputs that it finds. In memory are the residual streams {@code [tokens,
 * hidden]}, one layer's weights, and the inputs of one linear.
 */
final class LayerWalk implements DecoderWalk {
    private final Checkpoint checkpoint;
    private final CalibratedRounding rounding;
    private final CalibrationStreams streams;
    private final WorkDirectory work;
    private final WorkObserver observer;
    private final TrainingEngine training;
    private final TokenWindows tokens;
    /** {@code null} until it is needed, and where all tokens and outputs count the same. */
    private Sensitivity sensitivity;

    private boolean prepared;

    private int layer;

    LayerWalk(
            Checkpoint checkpoint,
            TokenWindows tokens,
            CalibratedRounding rounding,
            CalibrationEngine engine,
            TrainingEngine training,
            WorkDirectory work,
            WorkObserver observer) {
        this.training = training;
        this.observer = observer;
        this.work = work;
        this.tokens = tokens;
        this.checkpoint = checkpoint;
        this.rounding = rounding;
        streams = engine.open(
                checkpoint.config(),
                tokens.sequences(),
                tokens.length(),
                EmbeddedWindows.quantized(checkpoint, tokens, rounding.recipe()),
                rounding.needsTarget() ? EmbeddedWindows.original(checkpoint, tokens) : null);
        if (rounding.repairsResidual() && !LayerInputs.INNER.repairs(checkpoint.config())) {
            observer.note(checkpoint.directory()
                    + ": norms stand between linears and the residual stream; steps.residual is left out");
        }
    }

    /** One pass of the 16-bit model, kept for whoever goes on with a later layer. */
    private void prepare() {
        if (!rounding.needsWeights() || prepared) {
            return;
        }
        prepared = true;
        Optional<String> beyond = ForwardSupport.beyondLlama(checkpoint.config().decoder());
        if (beyond.isPresent()) {
            observer.note("%s: steps.weights is not built yet for %s, it has %s; all tokens and outputs count the same"
                    .formatted(checkpoint.directory(), checkpoint.config().architecture(), beyond.get()));
            return;
        }
        try {
            Optional<Sensitivity> found = Sensitivity.of(
                    checkpoint,
                    tokens,
                    work,
                    training,
                    () -> observer.working(new WorkStep(
                            "sensitivity",
                            "all windows through the 16-bit model",
                            layer * LayerLinear.of(checkpoint.config()).size(),
                            checkpoint.config().decoder().linears().size(),
                            0)));
            if (found.isEmpty()) {
                observer.note(checkpoint.directory()
                        + ": too large for steps.weights; all tokens and outputs count the same");
            }
            sensitivity = found.orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(work.path() + ": cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public LayerResult next() {
        prepare();
        Map<LayerLinear, QuantizedLinear> results = new EnumMap<>(LayerLinear.class);
        try (Arena scratch = Arena.ofShared()) {
            LayerWeights full = LayerWeights.of(scratch, checkpoint, layer);
            FiniteWeights.require(full, layer);
            streams.layer(full, full.fork());
            for (LayerInputs inputs : LayerInputs.values()) {
                quantize(scratch, full, inputs, results);
                streams.advance(inputs);
            }
        }
        layer++;
        return new LayerResult(results, Map.of());
    }

    /** Linears that share their inputs. */
    private void quantize(
            Arena scratch, LayerWeights full, LayerInputs inputs, Map<LayerLinear, QuantizedLinear> results) {
        List<LayerLinear> linears = inputs.linears(checkpoint.config());
        float[] weights = sensitivity == null ? null : sensitivity.tokenWeights(layer, linears);
        try (Arena step = Arena.ofShared()) {
            InputSums sums = streams.sums(step, inputs, new SumsWanted(rounding.repairsResidual(), false, weights));
            LinearInputs known = LinearInputs.of(
                    step,
                    linears.getFirst().weight(layer),
                    sums,
                    streams.factorizer(),
                    rounding.damping(weights != null),
                    observer::note);
            for (LayerLinear linear : linears) {
                observer.working(LayerSteps.of(checkpoint.config(), layer, linear));
                CalibratedRounding.Rounded rounded = rounding.round(
                        scratch,
                        linear.weight(layer),
                        full.linear(linear),
                        known,
                        sensitivity == null ? null : sensitivity.metric(layer, linear),
                        streams.rounding(inputs.width(checkpoint.config())));
                streams.replace(linear, rounded.restored());
                results.put(linear, rounded.linear());
            }
        }
    }

    @Override
    public CalibrationStreams streams() {
        return streams;
    }

    @Override
    public boolean replays() {
        return true;
    }

    @Override
    public void replay(LayerResult result) {
        LayerReplay.of(checkpoint, layer, streams, result);
        layer++;
    }

    @Override
    public void skipTo(int number) {
        layer = number;
    }

    @Override
    public void close() {
        if (sensitivity != null) {
            sensitivity.close();
        }
        streams.close();
    }
}
