package dev.fewbit.model.resident;

import dev.fewbit.model.architecture.CheckpointWeights;
import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.architecture.RandomLlama;
import dev.fewbit.model.architecture.RoundedWeights;
import dev.fewbit.model.checkpoint.Checkpoint;
import dev.fewbit.model.checkpoint.ModelConfig;
import dev.fewbit.model.device.CudaMemory;
import dev.fewbit.model.fused.Fusion;
import dev.fewbit.model.ort.OrtLibrary;
import dev.fewbit.model.resident.ResidentSettings.Linears;
import dev.fewbit.model.session.Candidates;
import dev.fewbit.model.session.InferenceException;
import dev.fewbit.model.session.Logits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Generation on a GPU, measured: {@code speed SHAPE BLOCK LINEARS BATCHES [KEY=VALUE...]}, {@code agreement CHECKPOINT BITS}, {@code fused
 * CHECKPOINT BITS}, {@code profile SHAPE BLOCK LINEARS BATCH [FUSIONS]} or {@code fault}, each a line or a table of Markdown.
 * {@code benchmarks/generation/gpu} runs them.
 */
final class GpuMeasurement {
    private static final int PAST = 512;
    private static final int PROMPTS = 30;
    private static final int STEPS = 60;
    private static final int WARM = 12;
    private static final int LENGTH = 768;

    private final Path work;

    private GpuMeasurement(Path work) {
        this.work = work;
    }

    /** The command line. */
    public static void main(String[] args) throws IOException {
        GpuMeasurement measurement = new GpuMeasurement(Path.of(System.getProperty("measure.work")));
        List<String> rest = Arrays.asList(args).subList(1, args.length);
        switch (args[0]) {
            case "speed" -> measurement.speed(rest);
            case "profile" -> measurement.profile(rest);
            case "agreement" -> measurement.agreement(Path.of(rest.get(0)), Integer.parseInt(rest.get(1)));
            case "fused" -> measurement.fused(Path.of(rest.get(0)), Integer.parseInt(rest.get(1)));
            case "fault" -> measurement.fault();
            default -> throw new IllegalArgumentException(args[0] + ": speed, profile, agreement, fused or fault");
        }
    }

    /** The first GPU, or the processor to try the measurement itself. */
    private static Placement device() {
        return System.getProperty("measure.device", "gpu").equals("cpu") ? processor() : Placement.gpu(0);
    }

    private static Placement processor() {
        return Placement.processor(OrtLibrary.open(Path.of(System.getenv(OrtLibrary.VARIABLE))));
    }

    private static int slots(String batches) {
        return Arrays.stream(batches.split(","))
                .mapToInt(Integer::parseInt)
                .max()
                .orElseThrow();
    }

    private void speed(List<String> args) throws IOException {
        ResidentSettings settings = ResidentSettings.of(slots(args.get(3)), LENGTH)
                .with(Linears.valueOf(args.get(2).toUpperCase(Locale.ROOT)));
        StringBuilder label = new StringBuilder(args.get(0) + " b" + args.get(1) + " " + args.get(2));
        for (String entry : args.subList(4, args.size())) {
            String[] pair = entry.split("=");
            label.append(' ').append(entry);
            settings = switch (pair[0]) {
                case "graphs" -> settings.withGraphs(Boolean.parseBoolean(pair[1]));
                case "fused" -> settings.withFused(fusions(pair[1]));
                case "numbers" -> settings.with(HalfNumbers.valueOf(pair[1].toUpperCase(Locale.ROOT)));
                default -> settings.withEntry(pair[0], pair[1]);
            };
        }
        String xqa = System.getenv("ORT_ENABLE_XQA");
        label.append(xqa == null ? "" : " XQA=" + xqa);
        Path artifact = shaped(args.get(0), Integer.parseInt(args.get(1)));
        long start = System.nanoTime();
        try (Placement gpu = device();
                ResidentDecoder decoder = ResidentDecoder.open(artifact, gpu, settings)) {
            double loaded = (System.nanoTime() - start) / 1e9;
            double prefill = prefill(decoder);
            for (String batch : args.get(3).split(",")) {
                int rows = Integer.parseInt(batch);
                double step = step(decoder, rows);
                System.out.printf(
                        "| %s | %d | %.3f ms | %.0f tok/s | prefill 512: %.1f ms | load %.1f s | %s |%n",
                        label, rows, step * 1e3, rows / step, prefill * 1e3, loaded, decoder.plan());
            }
        }
    }

    /** Such as {@code attention,gate}, or {@code exact} or {@code all}. */
    private static Set<Fusion> fusions(String names) {
        return names.equals("all") || names.equals("exact")
                ? GpuKernels.valueOf(names.toUpperCase(Locale.ROOT)).fusions()
                : Arrays.stream(names.split(","))
                        .map(name -> Fusion.valueOf(name.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toSet());
    }

    /** Seconds of a prompt of {@link #PAST} tokens, the best of some: the first ones compile what they call. */
    private static double prefill(ResidentDecoder decoder) {
        int[] prompt = new SplittableRandom(1).ints(PAST, 0, 30000).toArray();
        double seconds = Double.MAX_VALUE;
        for (int round = 0; round < PROMPTS; round++) {
            long start = System.nanoTime();
            decoder.prefill(0, prompt);
            seconds = Math.min(seconds, (System.nanoTime() - start) / 1e9);
        }
        for (int slot = 1; slot < decoder.slots(); slot++) {
            decoder.copy(0, slot, PAST);
        }
        return seconds;
    }

    /** Seconds of a step, the best of three stretches, each from {@link #PAST} tokens on. */
    private static double step(ResidentDecoder decoder, int rows) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            int[] tokens = new int[rows];
            int[] lengths = new int[rows];
            Arrays.fill(lengths, PAST);
            long start = 0;
            for (int i = 0; i < WARM + STEPS; i++) {
                if (i == WARM) {
                    start = System.nanoTime();
                }
                List<Candidates> next = decoder.decode(tokens, lengths);
                for (int row = 0; row < rows; row++) {
                    tokens[row] = next.get(row).ids()[row % 8];
                    lengths[row]++;
                }
            }
            best = Math.min(best, (System.nanoTime() - start) / 1e9 / STEPS);
        }
        return best;
    }

    /** One step between a profiler's marks, kernel by kernel. */
    private void profile(List<String> args) throws IOException {
        int rows = Integer.parseInt(args.get(3));
        ResidentSettings settings = ResidentSettings.of(rows, LENGTH)
                .with(Linears.valueOf(args.get(2).toUpperCase(Locale.ROOT)))
                .withGraphs(false)
                .withFused(args.size() > 4 ? fusions(args.get(4)) : Set.of());
        Path artifact = shaped(args.get(0), Integer.parseInt(args.get(1)));
        try (Placement gpu = device();
                ResidentDecoder decoder = ResidentDecoder.open(artifact, gpu, settings)) {
            int[] lengths = new int[rows];
            Arrays.fill(lengths, PAST);
            decoder.decode(new int[rows], lengths);
            decoder.decode(new int[rows], lengths);
            profile(gpu, true);
            decoder.decode(new int[rows], lengths);
            profile(gpu, false);
        }
    }

    private static void profile(Placement placement, boolean on) {
        if (placement.memory() instanceof CudaMemory gpu) {
            gpu.profile(on);
        }
    }

    /** A weight that is no number, and what is said of it, of a prompt and of a recorded step. */
    private void fault() throws IOException {
        RandomLlama llama = new RandomLlama(true);
        String name = "model.layers.1.mlp.down_proj.weight";
        float[] weights = llama.tensor(name).toFloats();
        weights[7] = Float.NaN;
        llama.set(name, weights);
        Path artifact = Files.createDirectories(work.resolve("fault"));
        DecoderGraph.write(llama.config(), llama, artifact);
        try (Placement gpu = device();
                ResidentDecoder decoder = ResidentDecoder.open(artifact, gpu, ResidentSettings.of(4, 40))) {
            List<Runnable> runs = List.of(
                    () -> decoder.prefill(0, new int[] {3, 4, 5}),
                    () -> decoder.decode(new int[] {5, 6, 7}, new int[] {3, 2, 1}));
            for (Runnable run : runs) {
                try {
                    run.run();
                    System.out.println("a weight of " + name + " is NaN: nothing was said");
                } catch (InferenceException e) {
                    System.out.println("a weight of " + name + " is NaN: " + e.getMessage());
                }
            }
        }
    }

    private Path shaped(String shape, int block) throws IOException {
        Path artifact = work.resolve(shape + "-" + block);
        if (!Files.isDirectory(artifact)) {
            Files.createDirectories(artifact);
            ShapedWeights weights = switch (shape) {
                case "deepseek" -> ShapedWeights.deepSeekCoder(block);
                case "smollm" -> ShapedWeights.smolLm(block);
                default -> throw new IllegalArgumentException(shape + ": deepseek or smollm");
            };
            DecoderGraph.write(weights.config(), weights, artifact);
        }
        return artifact;
    }

    /** Writes an artifact that is not there yet, and says how long its sequences may be, at most 400 tokens. */
    private static int write(Path checkpoint, int bits, Path artifact) throws IOException {
        try (Checkpoint open = Checkpoint.open(checkpoint)) {
            ModelConfig config = ModelConfig.read(checkpoint);
            if (!Files.isDirectory(artifact)) {
                Files.createDirectories(artifact);
                CheckpointWeights weights = new CheckpointWeights(open);
                DecoderGraph.write(
                        config, bits == 16 ? weights : new RoundedWeights(weights, bits, 64, false, false), artifact);
            }
            return Math.min(400, config.decoder().maxPositions());
        }
    }

    /** A real checkpoint on the GPU in fp16 beside the processor in fp32: prompts and greedy continuations of 64 rows. */
    private void agreement(Path checkpoint, int bits) throws IOException {
        Path artifact = work.resolve("reference-" + bits);
        int length = write(checkpoint, bits, artifact);
        ResidentSettings settings = ResidentSettings.of(64, length)
                .withThreads(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 12));
        try (Placement processor = processor();
                Placement gpu = device();
                ResidentDecoder exact = ResidentDecoder.open(artifact, processor, settings);
                ResidentDecoder plain = ResidentDecoder.open(artifact, gpu, settings.withGraphs(false));
                ResidentDecoder dense = ResidentDecoder.open(artifact, gpu, settings.with(Linears.DENSE));
                ResidentDecoder brain = ResidentDecoder.open(artifact, gpu, settings.with(HalfNumbers.BF16));
                ResidentDecoder graphs = ResidentDecoder.open(artifact, gpu, settings)) {
            divergence("fp32 CPU, fp16 CUDA", exact, plain, length);
            divergence("fp32 CPU, bf16 CUDA", exact, brain, length);
            compare("fp32 CPU, CUDA graphs", exact, graphs, 64, length);
            compare("CUDA without graphs, with graphs", plain, graphs, 64, length);
            compare("CUDA graphs: codes, dense", graphs, dense, 64, length);
            compare("fp32 CPU, bf16 CUDA graphs", exact, brain, 64, length);
            compare("CUDA: 64 rows with graphs, 1 without", graphs, plain, 1, length);
        }
    }

    /** As {@link #agreement}, of kernels of our own, each kind alone and all of them. */
    private void fused(Path checkpoint, int bits) throws IOException {
        Path artifact = work.resolve("reference-" + bits);
        int length = write(checkpoint, bits, artifact);
        ResidentSettings settings = ResidentSettings.of(64, length)
                .withThreads(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 12));
        try (Placement processor = processor();
                Placement gpu = device();
                ResidentDecoder exact = ResidentDecoder.open(artifact, processor, settings);
                ResidentDecoder plain = ResidentDecoder.open(artifact, gpu, settings)) {
            for (String names : List.of("largest", "gate", "linears", "exact", "attention", "all")) {
                Set<Fusion> fusions = fusions(names);
                try (ResidentDecoder found = ResidentDecoder.open(artifact, gpu, settings.withFused(fusions));
                        ResidentDecoder single = ResidentDecoder.open(
                                artifact, gpu, settings.withFused(fusions).withGraphs(false))) {
                    divergence("fp16 CUDA, with " + names, plain, found, length);
                    divergence("fp32 CPU, CUDA with " + names, exact, found, length);
                    compare("CUDA graphs, with " + names, plain, found, 64, length);
                    compare("CUDA with " + names + ": with graphs, without", found, single, 64, length);
                    compare("CUDA with " + names + ": 64 rows, 1 row", found, single, 1, length);
                }
            }
        }
    }

    private static void divergence(String label, ResidentDecoder exact, ResidentDecoder found, int length) {
        int[] prompt = new SplittableRandom(7).ints(length, 3, 2000).toArray();
        Logits wanted = exact.prefillLogits(0, prompt);
        Logits other = found.prefillLogits(0, prompt);
        double sum = 0;
        double most = 0;
        int same = 0;
        for (int row = 0; row < length; row++) {
            double[] p = logSoftmax(wanted, row);
            double[] q = logSoftmax(other, row);
            double kl = 0;
            int best = 0;
            int otherBest = 0;
            for (int i = 0; i < p.length; i++) {
                kl += Math.exp(p[i]) * (p[i] - q[i]);
                best = p[i] > p[best] ? i : best;
                otherBest = q[i] > q[otherBest] ? i : otherBest;
            }
            sum += kl;
            most = Math.max(most, kl);
            same += best == otherBest ? 1 : 0;
        }
        System.out.printf(
                "| prefill, %s | KL a position %.2e, most %.2e | likeliest the same at %d of %d |%n",
                label, sum / length, most, same, length);
    }

    private static double[] logSoftmax(Logits logits, int row) {
        double[] values = new double[logits.vocabulary()];
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < values.length; i++) {
            values[i] = logits.at(row, i);
            most = Math.max(most, values[i]);
        }
        double sum = 0;
        for (double value : values) {
            sum += Math.exp(value - most);
        }
        double all = most + Math.log(sum);
        return Arrays.stream(values).map(value -> value - all).toArray();
    }

    /**
     * Steps of both over the same tokens, those that the first finds likeliest, to the end of every slot.
     *
     * @param compared rows that the second decodes; the first decodes all of its slots
     */
    private static void compare(String label, ResidentDecoder first, ResidentDecoder second, int compared, int length) {
        int rows = first.slots();
        int[] tokens = new int[rows];
        int[] lengths = new int[rows];
        for (int row = 0; row < rows; row++) {
            int[] prompt = new SplittableRandom(row).ints(20 + row, 3, 2000).toArray();
            tokens[row] = first.prefill(row, prompt).ids()[0];
            second.prefill(row, prompt);
            lengths[row] = prompt.length;
        }
        long same = 0;
        long all = 0;
        double apart = 0;
        double most = 0;
        for (int step = 0; step + 20 + rows < length; step++) {
            List<Candidates> wanted = first.decode(tokens, lengths);
            List<Candidates> found = second.decode(Arrays.copyOf(tokens, compared), Arrays.copyOf(lengths, compared));
            for (int row = 0; row < rows; row++) {
                Candidates a = wanted.get(row);
                tokens[row] = a.ids()[0];
                lengths[row]++;
                if (row >= compared) {
                    continue;
                }
                Candidates b = found.get(row);
                same += a.ids()[0] == b.ids()[0] ? 1 : 0;
                all++;
                double difference = Math.abs((a.logits()[0] - a.logSumExp()) - (b.logits()[0] - b.logSumExp()));
                apart += difference;
                most = Math.max(most, difference);
            }
        }
        System.out.printf(
                "| %s, %d rows to length %d | log p of the likeliest apart by %.1e, most %.1e | %d of %d tokens the same |%n",
                label, compared, length, apart / all, most, same, all);
    }
}
