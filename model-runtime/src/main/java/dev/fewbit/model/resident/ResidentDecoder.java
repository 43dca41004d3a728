package dev.fewbit.model.resident;

import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.architecture.DecoderMetadata;
import dev.fewbit.model.device.DeviceException;
import dev.fewbit.model.device.DeviceMemory;
import dev.fewbit.model.fused.FusedModel;
import dev.fewbit.model.fused.Fusion;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.ort.NativeBinding;
import dev.fewbit.model.ort.NativeSession;
import dev.fewbit.model.ort.NativeTensor;
import dev.fewbit.model.ort.OnnxRuntimeException;
import dev.fewbit.model.ort.RunSettings;
import dev.fewbit.model.resident.ResidentSettings.Linears;
import dev.fewbit.model.session.Candidates;
import dev.fewbit.model.session.Decoder;
import dev.fewbit.model.session.InferenceException;
import dev.fewbit.model.session.InvalidArtifactException;
import dev.fewbit.model.session.Logits;
import dev.fewbit.model.session.ModelPreparation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An artifact's decoder on a device. Prompts run kernel by kernel; steps run in {@linkplain SlotBuckets buckets}, on a GPU as CUDA graphs
 * that are recorded at each bucket's first step, for the longest sequence, since a graph keeps the length that it was recorded with.
 */
public final class ResidentDecoder implements Decoder {
    private final ModelSource source;
    private final Placement placement;
    private final ResidentSettings settings;
    private final DecoderMetadata metadata;
    private final ResidentModel model;
    private final MemoryPlan plan;
    private final Set<Fusion> fused;
    private final LoadedModel loaded;
    private final NativeSession session;
    private final ResidentCache cache;
    private final StepArea area;
    private final SlotBuckets buckets;
    private final RunSettings plain;
    private final Map<Integer, Step> steps = new HashMap<>();
    /** Tokens that each slot holds: an idle row of a step writes behind them. */
    private final int[] held;

    /** What the steps of one bucket share. */
    private record Step(NativeBinding binding, StepArea.Views views, RunSettings run) implements AutoCloseable {
        @Override
        public void close() {
            binding.close();
            views.close();
            run.close();
        }
    }

    private ResidentDecoder(
            ModelSource source,
            DecoderMetadata metadata,
            ResidentModel model,
            MemoryPlan plan,
            Optional<FusedModel> fused,
            LoadedModel loaded) {
        this.source = source;
        placement = source.placement();
        settings = source.settings();
        this.metadata = metadata;
        this.model = model;
        this.plan = plan;
        this.fused = fused.map(FusedModel::fused).orElse(Set.of());
        this.loaded = loaded;
        session = loaded.session();
        cache = new ResidentCache(
                placement,
                model.cache(plan.slots(), ResidentModel.capacity(settings.maxLength()), source.cache(fused)));
        area = new StepArea(placement, Math.max(plan.slots(), settings.maxLength()), model.top());
        buckets = new SlotBuckets(plan.slots());
        plain = RunSettings.plain(placement.api());
        held = new int[plan.slots()];
    }

    /**
     * Loads an artifact.
     *
     * @param placement stays the caller's, and must outlive the decoder
     * @throws InvalidArtifactException when there is no such model in it, or it is not one of ours
     * @throws DeviceException when it does not fit the device
     * @throws IllegalArgumentException when the settings ask for more than the model has
     */
    public static ResidentDecoder open(Path artifact, Placement placement, ResidentSettings settings) {
        try {
            ModelSource source = ModelSource.of(artifact, placement, settings);
            try (ModelPreparation.Prepared prepared = source.prepare()) {
                return open(source, prepared);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(artifact + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static ResidentDecoder open(ModelSource source, ModelPreparation.Prepared prepared) {
        ResidentSettings settings = source.settings();
        DecoderMetadata metadata = ModelPreparation.metadata(source.artifact(), prepared.model());
        if (settings.maxLength() > metadata.maxPositions()) {
            throw new IllegalArgumentException("maxLength " + settings.maxLength() + ": at most "
                    + metadata.maxPositions() + ", the model's longest sequence");
        }
        ResidentModel model = ResidentModel.of(prepared.model());
        Placement placement = source.placement();
        DeviceMemory memory = placement.memory();
        Optional<FusedModel> fused = source.fused(prepared.model());
        MemoryPlan plan = MemoryPlan.of(
                memory.device(),
                memory.freeBytes(),
                model.needs(model.weightBytes(), settings.maxLength(), source.cache(fused)),
                settings.slots(),
                ResidentSettings.MOST_SLOTS);
        LoadedModel loaded;
        try {
            loaded = source.load(prepared, fused);
        } catch (OnnxRuntimeException e) {
            throw new InvalidArtifactException(
                    source.artifact().resolve(placement.graph()), "cannot be loaded: " + e.getMessage(), e);
        }
        try {
            return new ResidentDecoder(source, metadata, model, plan, fused, loaded);
        } catch (RuntimeException e) {
            loaded.close();
            throw e;
        }
    }

    /** What the artifact says about its model. */
    public DecoderMetadata metadata() {
        return metadata;
    }

    /** How its linears are held: codes or fp16. */
    public Linears linears() {
        return settings.linears();
    }

    /** What was taken of the device's memory. */
    public MemoryPlan plan() {
        return plan;
    }

    @Override
    public int slots() {
        return plan.slots();
    }

    @Override
    public int maxLength() {
        return settings.maxLength();
    }

    @Override
    public int top() {
        return model.top();
    }

    @Override
    public Map<String, String> circumstances() {
        return Map.of(
                "engine.slots", Integer.toString(slots()),
                "engine.linears", settings.linears() == Linears.DENSE ? "fp16" : "codes",
                "engine.kernels", kernels(),
                "engine.graphs", Boolean.toString(placement.isGpu() && settings.graphs()),
                "device", placement.memory().device(),
                "device.memory", plan.toString());
    }

    /** What kernels of our own compute, such as {@code gate, largest}. */
    private String kernels() {
        return fused.isEmpty()
                ? "none"
                : fused.stream()
                        .sorted()
                        .map(fusion -> fusion.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
    }

    @Override
    public Candidates prefill(int slot, int[] prompt, int from, int to) {
        requireChunk(slot, prompt, from, to);
        area.setLogitRow(0, to - from - 1);
        try (NativeBinding binding = session.newBinding();
                StepArea.Views _ = area.bind(binding, 1, to - from, 1)) {
            run(binding, slot, prompt, from, to);
            return candidates(1, again -> bound(again, slot, 1, to - from, 1)).getFirst();
        } catch (OnnxRuntimeException e) {
            throw new InferenceException("prefill of " + (to - from) + " tokens failed: " + e.getMessage(), e);
        }
    }

    /** As {@link #prefill(int, int[])}, with the full logits behind every token of the prompt. */
    public Logits prefillLogits(int slot, int[] prompt) {
        requireChunk(slot, prompt, 0, prompt.length);
        for (int row = 0; row < prompt.length; row++) {
            area.setLogitRow(row, row);
        }
        long bytes = (long) prompt.length * model.vocabulary() * Float.BYTES;
        long address = placement.memory().allocate(bytes);
        try (NativeBinding binding = session.newBinding();
                StepArea.Views _ = area.bind(binding, 1, prompt.length, prompt.length);
                NativeTensor logits = placement.tensor(address, ElementType.FLOAT, prompt.length, model.vocabulary())) {
            binding.output(DecoderGraph.LOGITS, logits);
            run(binding, slot, prompt, 0, prompt.length);
            MemorySegment values = placement.memory().hostBuffer(bytes);
            placement.memory().download(values, address);
            candidates(prompt.length, again -> bound(again, slot, 1, prompt.length, prompt.length));
            return new Logits(values.toArray(ValueLayout.JAVA_FLOAT), model.vocabulary());
        } finally {
            placement.memory().free(address);
        }
    }

    private void run(NativeBinding binding, int slot, int[] prompt, int from, int to) {
        for (int i = from; i < to; i++) {
            area.setId(i - from, prompt[i]);
        }
        area.setLastPosition(0, to - 1);
        area.setTotalLength(to);
        cache.bind(binding, slot, 1);
        area.upload(to - from);
        session.run(binding, plain);
        held[slot] = to;
    }

    @Override
    public List<Candidates> decode(int[] tokens, int[] lengths) {
        if (tokens.length < 1 || tokens.length > slots() || tokens.length != lengths.length) {
            throw new IllegalArgumentException("a step of " + tokens.length + " tokens over " + lengths.length
                    + " lengths: one of each for 1 to " + slots() + " slots");
        }
        for (int row = 0; row < tokens.length; row++) {
            requireLength(lengths[row] + 1);
            held[row] = lengths[row];
        }
        int bucket = buckets.bucket(tokens.length);
        int longest = 0;
        for (int row = 0; row < bucket; row++) {
            // An idle row's token goes behind what its slot holds, where nothing reads it.
            int position = Math.min(held[row], metadata.maxPositions() - 1);
            area.setId(row, row < tokens.length ? tokens[row] : 0);
            area.setLastPosition(row, position);
            area.setLogitRow(row, row);
            longest = Math.max(longest, position + 1);
        }
        boolean recorded = placement.isGpu() && settings.graphs();
        area.setTotalLength(recorded ? cache.shape().capacity() : longest);
        try {
            Step step = steps.computeIfAbsent(bucket, this::step);
            area.upload(bucket);
            session.run(step.binding(), step.run());
            List<Candidates> candidates = candidates(tokens.length, again -> bound(again, 0, bucket, 1, bucket));
            for (int row = 0; row < tokens.length; row++) {
                held[row] = lengths[row] + 1;
            }
            return candidates;
        } catch (OnnxRuntimeException e) {
            throw new InferenceException("decoding " + tokens.length + " rows failed: " + e.getMessage(), e);
        }
    }

    /** Binds a run of {@code batch} slots from {@code slot} on, {@code length} tokens each, that gives {@code rows} rows of logits. */
    private StepArea.Views bound(NativeBinding binding, int slot, int batch, int length, int rows) {
        cache.bind(binding, slot, batch);
        return area.bind(binding, batch, length, rows);
    }

    /**
     * What a run found.
     *
     * @param again binds that run once more
     * @throws InferenceException when a row's numbers are not finite, with the layer where they ceased to be
     */
    private List<Candidates> candidates(int rows, Function<NativeBinding, StepArea.Views> again) {
        area.download(rows);
        Optional<String> fault = area.fault(rows);
        if (fault.isPresent()) {
            throw new InferenceException(fault.get() + "; " + origin(again));
        }
        return area.candidates(rows);
    }

    private String origin(Function<NativeBinding, StepArea.Views> again) {
        if (cache.shape().type() == ElementType.INT8) {
            // The search's graph is the plain one, which reads keys and values of 16 bits.
            return "where is not told over keys and values of int8";
        }
        try {
            return new ResidentFaultSearch(source)
                    .first(again)
                    .map(node -> "first in " + node)
                    .orElse("not so when run again");
        } catch (IOException | OnnxRuntimeException | DeviceException e) {
            // The fault itself is what must be told; a device without room for the model a second time hides only
            // where.
            return "where was not found: " + e.getMessage();
        }
    }

    private Step step(int bucket) {
        NativeBinding binding = session.newBinding();
        StepArea.Views views = bound(binding, 0, bucket, 1, bucket);
        RunSettings run = placement.isGpu() && settings.graphs()
                ? RunSettings.graph(placement.api(), bucket)
                : RunSettings.plain(placement.api());
        return new Step(binding, views, run);
    }

    @Override
    public void copy(int from, int to, int length) {
        requireSlot(from);
        requireSlot(to);
        cache.copy(from, to, length);
        held[to] = length;
    }

    private void requireChunk(int slot, int[] prompt, int from, int to) {
        requireSlot(slot);
        if (from < 0 || from >= to || to > prompt.length) {
            throw new IllegalArgumentException(
                    "tokens " + from + " to " + to + " of a prompt of " + prompt.length + ": at least one of them");
        }
        requireLength(to);
    }

    private void requireSlot(int slot) {
        if (slot < 0 || slot >= slots()) {
            throw new IllegalArgumentException("slot " + slot + ": 0 to " + (slots() - 1));
        }
    }

    private void requireLength(int length) {
        if (length < 1 || length > settings.maxLength()) {
            throw new IllegalArgumentException(
                    "a sequence of " + length + " tokens: 1 to " + settings.maxLength() + " fit a slot");
        }
    }

    @Override
    public void close() {
        steps.values().forEach(Step::close);
        plain.close();
        loaded.close();
        cache.close();
        area.close();
    }
}
