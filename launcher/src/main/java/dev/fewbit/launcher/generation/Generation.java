package dev.fewbit.launcher.generation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.benchmark.Benchmark;
import dev.fewbit.benchmark.BenchmarkDefinition;
import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.benchmark.InvalidBenchmarkException;
import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.harness.Harness;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.generation.AnswerReading;
import dev.fewbit.generation.CompletionGenerator;
import dev.fewbit.generation.CompletionGenerator.Completed;
import dev.fewbit.generation.CompletionGenerator.Task;
import dev.fewbit.generation.CompletionGenerators;
import dev.fewbit.generation.GenerationIdentity;
import dev.fewbit.generation.UnusableModelException;
import dev.fewbit.launcher.Installation;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.generation.GeneratedSample.SampleKey;
import dev.fewbit.model.device.DeviceException;
import dev.fewbit.objectstore.DirectoryArtifactStore;
import dev.fewbit.objectstore.DurableFiles;
import dev.fewbit.quantizer.QuantizationException;
import dev.fewbit.quantizer.artifact.ArtifactInspector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Generates an artifact's samples on a benchmark into a file. */
public final class Generation {
    private static final double NANOS = 1e9;

    private final BenchmarkLoader loader;
    private final CompletionGenerators generators;
    private final GenerationOrder order;
    private final GenerationProgress progress;
    private final JsonMapper mapper = JsonMapper.builder().build();

    public Generation(
            BenchmarkLoader loader,
            CompletionGenerators generators,
            GenerationOrder order,
            GenerationProgress progress) {
        this.loader = loader;
        this.generators = generators;
        this.order = order;
        this.progress = progress;
    }

    /**
     * Generates what is missing.
     *
     * @return what the file holds now
     * @throws LauncherException when benchmark or artifact cannot be used, when the file holds something else, or when the engine failed;
     *     samples that were finished are kept, and the next run goes on
     */
    public GenerationRun run() {
        try {
            return generate();
        } catch (UnusableModelException | DeviceException e) {
            throw LauncherException.failed(e.getMessage(), e);
        }
    }

    private GenerationRun generate() {
        BenchmarkDefinition definition;
        Benchmark benchmark;
        try {
            definition = BenchmarkLoader.definition(order.benchmark());
            benchmark = loader.load(definition);
        } catch (InvalidBenchmarkException e) {
            throw LauncherException.usage(e.getMessage());
        }
        List<Problem> problems = problems(benchmark);
        ProgramLanguage language = definition
                .language()
                .executable()
                .orElseThrow(() ->
                        LauncherException.failed("benchmark " + definition.name() + " is in " + definition.language()
                                + ", for which programs cannot be put together yet; python and java can"));
        Map<String, String> identity = identity(benchmark);
        if (Files.exists(order.out())) {
            return existing(identity, problems.size());
        }
        try (GenerationJournal journal = new GenerationJournal(order.out())) {
            return run(definition, problems, Harness.of(definition, language), identity, journal);
        }
    }

    private GenerationRun run(
            BenchmarkDefinition definition,
            List<Problem> problems,
            Harness harness,
            Map<String, String> identity,
            GenerationJournal journal) {
        Map<SampleKey, GeneratedSample> known = journal.open(identity);
        List<SampleKey> wanted = problems.stream()
                .flatMap(problem -> IntStream.range(0, order.samples()).mapToObj(i -> new SampleKey(problem.name(), i)))
                .toList();
        Map<String, Problem> byName = new LinkedHashMap<>();
        problems.forEach(problem -> byName.put(problem.name(), problem));
        Counter counter = new Counter(
                wanted.size(), (int) wanted.stream().filter(known::containsKey).count());
        Map<String, String> circumstances = new LinkedHashMap<>();
        long begun = System.nanoTime();
        if (counter.done < wanted.size()) {
            try (CompletionGenerator generator =
                    generators.open(order.artifact(), order.decoding().mode())) {
                circumstances.put("prompt.bos", generator.addsBos() ? "added by the tokenizer" : "none");
                circumstances.put("prompt.end_tokens", generator.endTokens().toString());
                byReading(problems, known)
                        .forEach((reading, tasks) -> generator.generate(
                                tasks,
                                order.decoding(),
                                reading.stop(),
                                completed -> {
                                    journal.add(sample(
                                            definition, harness, byName.get(completed.problem()), reading, completed));
                                    counter.count(completed.tokens());
                                },
                                () -> false));
                circumstances.putAll(generator.circumstances());
            }
        }
        double seconds = (System.nanoTime() - begun) / NANOS;
        List<GeneratedSample> samples = journal.all(wanted);
        GenerationRun run = new GenerationRun(
                samples.size(),
                problems.size(),
                order.samples(),
                samples.stream().mapToLong(GeneratedSample::tokens).sum(),
                seconds,
                counter.tokens == 0 ? null : counter.tokens / seconds,
                identity,
                made(circumstances));
        // First, so that a sample file never lies without it.
        write(run);
        journal.finish(samples);
        return run;
    }

    private List<Problem> problems(Benchmark benchmark) {
        int all = benchmark.problems().size();
        if (order.problems() != null && (order.problems() < 1 || order.problems() > all)) {
            throw LauncherException.usage("--problems is " + order.problems() + "; allowed: 1 to " + all + ", which "
                    + order.benchmark() + " has");
        }
        return order.problems() == null
                ? benchmark.problems()
                : benchmark.problems().subList(0, order.problems());
    }

    private Map<String, String> identity(Benchmark benchmark) {
        try {
            new ArtifactInspector().read(order.artifact());
            Map<String, String> parts = new LinkedHashMap<>(new GenerationIdentity(
                            DirectoryArtifactStore.digestOf(order.artifact()),
                            benchmark.digest(),
                            order.decoding(),
                            generators.facts(order.decoding().mode()),
                            order.engine().maxLength())
                    .parts());
            parts.put("benchmark", order.benchmark());
            parts.put("problems", order.problems() == null ? "all" : "the first " + order.problems());
            parts.put("samples", String.valueOf(order.samples()));
            return parts;
        } catch (QuantizationException e) {
            throw LauncherException.usage("--artifact: " + e.getMessage());
        } catch (IOException e) {
            throw LauncherException.failed(order.artifact() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Problems whose answers are read alike go through the engine together. */
    private Map<AnswerReading, List<Task>> byReading(List<Problem> problems, Map<SampleKey, GeneratedSample> known) {
        Map<AnswerReading, List<Task>> tasks = new LinkedHashMap<>();
        for (Problem problem : problems) {
            List<Integer> missing = IntStream.range(0, order.samples())
                    .filter(i -> !known.containsKey(new SampleKey(problem.name(), i)))
                    .boxed()
                    .toList();
            if (!missing.isEmpty()) {
                tasks.computeIfAbsent(
                                AnswerReading.of(order.decoding(), problem.stopTokens()), reading -> new ArrayList<>())
                        .add(new Task(problem.name(), problem.prompt(), missing));
            }
        }
        return tasks;
    }

    private static GeneratedSample sample(
            BenchmarkDefinition definition,
            Harness harness,
            Problem problem,
            AnswerReading reading,
            Completed completed) {
        return new GeneratedSample(
                definition.name(),
                definition.language().label(),
                problem.name(),
                completed.index(),
                completed.text(),
                harness.program(problem.prompt(), reading.answer(completed.text())),
                completed.tokens(),
                completed.finish());
    }

    private GenerationRun existing(Map<String, String> identity, int problems) {
        try {
            GenerationRun run = mapper.readValue(Files.readString(order.provenance()), GenerationRun.class);
            if (run.identity().equals(identity)) {
                progress.generated(run.samples(), run.samples(), 0);
                return new GenerationRun(
                        run.samples(), problems, order.samples(), run.tokens(), 0, null, run.identity(), run.made());
            }
        } catch (IOException e) {
            // No provenance that can be read: the file is not known to be ours.
            throw LauncherException.usage(order.out() + " exists already, and " + order.provenance()
                    + " does not say that it holds these samples; remove it or choose another --out");
        }
        throw LauncherException.usage(
                order.out() + " holds samples of another generation; remove it or choose another --out");
    }

    private Map<String, String> made(Map<String, String> circumstances) {
        Map<String, String> made = new LinkedHashMap<>(circumstances);
        made.put("fewbit", Installation.version());
        made.put("java", System.getProperty("java.vm.version"));
        made.put("host.os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        made.put("host.processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        made.put("engine.threads", String.valueOf(order.engine().threads()));
        made.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return made;
    }

    private void write(GenerationRun run) {
        try {
            DurableFiles.write(
                    order.provenance(),
                    mapper.writerWithDefaultPrettyPrinter()
                            .writeValueAsString(run)
                            .getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw LauncherException.failed(order.provenance() + " cannot be written: " + e.getMessage(), e);
        }
    }

    private final class Counter {
        private final int total;
        private int done;
        private long tokens;

        private Counter(int total, int done) {
            this.total = total;
            this.done = done;
        }

        private void count(int more) {
            done++;
            tokens += more;
            progress.generated(done, total, tokens);
        }
    }
}
