package dev.fewbit.quantizer.training;

import dev.fewbit.model.architecture.BlockQuantizedWeight;
import dev.fewbit.quantizer.forward.LayerLinear;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A training as it is kept on disk: a head of four 64-bit numbers in native order (form, stages finished, steps of the current one, its
 * best loss as the bits of a double), codes and scales of the layers of finished stages, what {@link TrainedLayers#state} lists of the
 * current one, and codes and scales of its best so far. Shapes are not kept: they follow from where training began.
 */
final class TrainingState {
    private static final long FORM = 0x6665_7762_6974_0001L;
    private static final int HEAD = 4;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final TrainingStore store;
    private final List<Map<LayerLinear, BlockQuantizedWeight>> start;

    /** @param start where training begins, a map a layer */
    TrainingState(TrainingStore store, List<Map<LayerLinear, BlockQuantizedWeight>> start) {
        this.store = store;
        this.start = start;
    }

    /** Replaces what is kept. */
    void write(List<Map<LayerLinear, BlockQuantizedWeight>> finished, TrainingStage stage) {
        MemorySegment head = MemorySegment.ofArray(new byte[HEAD * Long.BYTES]);
        head.set(LONG, 0, FORM);
        head.set(LONG, Long.BYTES, finished.size());
        head.set(LONG, 2 * Long.BYTES, stage.step());
        head.set(LONG, 3 * Long.BYTES, Double.doubleToLongBits(stage.bestLoss()));
        List<MemorySegment> parts = new ArrayList<>(List.of(head));
        finished.forEach(layer -> layer.values().forEach(weight -> addTo(parts, weight)));
        try (Arena arena = Arena.ofConfined()) {
            parts.addAll(stage.state(arena));
            stage.best().forEach(layer -> layer.values().forEach(weight -> addTo(parts, weight)));
            store.write(parts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is kept, as long as {@code arena}; empty when there is nothing, or nothing of this form. */
    Optional<Kept> read(Arena arena) {
        try {
            return store.read(arena)
                    .filter(bytes -> bytes.byteSize() >= HEAD * Long.BYTES && bytes.get(LONG, 0) == FORM)
                    .map(Kept::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addTo(List<MemorySegment> parts, BlockQuantizedWeight weight) {
        parts.add(weight.codes());
        parts.add(weight.scales());
    }

    /** What was read. */
    final class Kept {
        private final MemorySegment bytes;
        private final List<Map<LayerLinear, BlockQuantizedWeight>> finished;
        private long at = HEAD * Long.BYTES;

        private Kept(MemorySegment bytes) {
            this.bytes = bytes;
            finished = weights(start.subList(0, Math.toIntExact(bytes.get(LONG, Long.BYTES))));
        }

        /** Layers of the stages that are finished. */
        List<Map<LayerLinear, BlockQuantizedWeight>> finished() {
            return finished;
        }

        /** Puts the current stage where it was; {@code layers} are those that it trains. */
        void restore(TrainingStage stage, List<Map<LayerLinear, BlockQuantizedWeight>> layers) {
            stage.goOn(this::take);
            double best = Double.longBitsToDouble(bytes.get(LONG, 3 * Long.BYTES));
            stage.goOn(Math.toIntExact(bytes.get(LONG, 2 * Long.BYTES)), best, weights(layers));
        }

        private List<Map<LayerLinear, BlockQuantizedWeight>> weights(
                List<Map<LayerLinear, BlockQuantizedWeight>> shapes) {
            List<Map<LayerLinear, BlockQuantizedWeight>> layers = new ArrayList<>();
            for (Map<LayerLinear, BlockQuantizedWeight> shape : shapes) {
                Map<LayerLinear, BlockQuantizedWeight> layer = new EnumMap<>(LayerLinear.class);
                shape.forEach((linear, weight) -> layer.put(linear, weight(weight)));
                layers.add(layer);
            }
            return layers;
        }

        private BlockQuantizedWeight weight(BlockQuantizedWeight shape) {
            return new BlockQuantizedWeight(
                    shape.bits(),
                    shape.blockSize(),
                    shape.n(),
                    shape.k(),
                    copy(shape.codes().byteSize()),
                    copy(shape.scales().byteSize()),
                    shape.zeroPoints());
        }

        private MemorySegment copy(long size) {
            return MemorySegment.ofArray(take(size).toArray(ValueLayout.JAVA_BYTE));
        }

        private MemorySegment take(long size) {
            MemorySegment part = bytes.asSlice(at, size);
            at += size;
            return part;
        }
    }
}
