package dev.fewbit.quantizer.method;

import dev.fewbit.model.checkpoint.DType;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.checkpoint.Tensor;
import dev.fewbit.quantizer.forward.LayerNorm;
import dev.fewbit.quantizer.work.WorkDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A method that needs the inputs of linears: it walks through the decoder layer by layer, each on the outputs of those already
 * quantized, as linears are asked for in the graph's order. A finished layer is kept in the work directory, with the streams that the next one
 * begins on; layers that are there are not quantized again.
 */
public final class CalibratedMethod implements QuantizationMethod {
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final String STREAMS = "streams";

    /** Writing larger streams behind each layer takes longer than computing them again would, once. */
    static final long MOST_KEPT = 1L << 30;

    private final ModelConfig config;
    private final DecoderWalk walk;
    private final WorkDirectory work;
    private final long mostKept;
    private final Map<String, QuantizedLinear> ready = new HashMap<>();
    private final Map<String, float[]> norms = new HashMap<>();
    private int nextLayer;
    /** Whether this process walked, so that the streams are where the next layer needs them. */
    private boolean walked;

    CalibratedMethod(ModelConfig config, DecoderWalk walk, WorkDirectory work) {
        this(config, walk, work, MOST_KEPT);
    }

    /** @param mostKept bytes of streams up to which they are kept behind each layer */
    CalibratedMethod(ModelConfig config, DecoderWalk walk, WorkDirectory work, long mostKept) {
        this.mostKept = mostKept;
        this.work = work;
        this.config = config;
        this.walk = walk;
    }

    @Override
    public QuantizedLinear apply(Tensor weight) {
        while (!ready.containsKey(weight.name()) && nextLayer < config.layers()) {
            next();
        }
        QuantizedLinear result = ready.remove(weight.name());
        if (result == null) {
            throw new IllegalStateException(weight.name() + " is no decoder linear, or was asked for before");
        }
        return result;
    }

    /** A norm stands in front of its layer's linears, and is known when they are. */
    @Override
    public Tensor tensor(Tensor original) {
        for (int layer = 0; layer < config.layers(); layer++) {
            for (LayerNorm norm : LayerNorm.values()) {
                if (norm.weight(config, layer).equals(original.name())) {
                    while (nextLayer <= layer) {
                        next();
                    }
                    float[] gains = norms.remove(original.name());
                    return gains == null ? original : halves(original, gains);
                }
            }
        }
        return original;
    }

    private void next() {
        int layer = nextLayer++;
        LayerResult result = kept(layer).orElseGet(() -> quantized(layer));
        result.linears().forEach((linear, quantized) -> ready.put(linear.weight(layer), quantized));
        result.norms().forEach((norm, gains) -> norms.put(norm.weight(config, layer), gains));
    }

    private Optional<LayerResult> kept(int layer) {
        try (Arena arena = Arena.ofShared()) {
            return work.read(arena, name(layer)).map(LayerBlob::read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LayerResult quantized(int layer) {
        try {
            if (layer > 0 && !walked) {
                restoreStreams(layer);
            }
            walked = true;
            LayerResult result = walk.next();
            work.change()
                    .put(name(layer), LayerBlob.write(result))
                    .put(STREAMS, keepsStreams() ? walk.streams().save() : List.of())
                    .commit();
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean keepsStreams() {
        return !walk.replays() || walk.streams().bytes() <= mostKept;
    }

    /** The streams that an earlier process left in front of {@code layer}. */
    private void restoreStreams(int layer) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment kept = work.read(arena, STREAMS)
                    .orElseThrow(() -> new IllegalStateException("layer " + layer + " has no streams to begin on"));
            if (kept.byteSize() > 0) {
                walk.streams().restore(kept);
                walk.skipTo(layer);
                return;
            }
        }
        for (int finished = 0; finished < layer; finished++) {
            int number = finished;
            walk.replay(kept(number)
                    .orElseThrow(() -> new IllegalStateException("layer " + number + " was finished and is gone")));
        }
    }

    private static String name(int layer) {
        return "layer-" + layer;
    }

    private static Tensor halves(Tensor original, float[] gains) {
        MemorySegment data = MemorySegment.ofArray(new byte[gains.length * Short.BYTES]);
        for (int i = 0; i < gains.length; i++) {
            data.set(HALF, (long) i * Short.BYTES, Float.floatToFloat16(gains[i]));
        }
        return new Tensor(original.name(), DType.F16, original.shape(), data);
    }

    @Override
    public void close() {
        walk.close();
    }
}
