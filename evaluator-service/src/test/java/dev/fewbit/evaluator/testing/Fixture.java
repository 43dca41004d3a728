package dev.fewbit.evaluator.testing;

import dev.fewbit.benchmark.BenchmarkFamily;
import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.Tests;
import dev.fewbit.benchmark.harness.Harness;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.ExecutionResult;
import dev.fewbit.contracts.execution.LanguageView;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.evaluator.evaluation.EvaluationService;
import dev.fewbit.evaluator.preparation.PreparedEvaluations;
import dev.fewbit.generation.CompletionGenerators;
import dev.fewbit.generation.GenerationIdentity;
import dev.fewbit.objectstore.ArtifactStore;
import dev.fewbit.objectstore.Digests;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Requests, artifacts, benchmark files and answers for tests, and a look into the tables. */
@ApplicationScoped
public class Fixture {
    public static final String TEAM = "blue";
    private static final DecodingSpec DECODING = DecodingSpec.standard();

    private final EvaluationService evaluations;
    private final PreparedEvaluations prepared;
    private final CompletionGenerators generators;
    private final ArtifactStore artifacts;
    private final EvaluatorConfig config;
    private final EntityManager database;

    Fixture(
            EvaluationService evaluations,
            PreparedEvaluations prepared,
            CompletionGenerators generators,
            ArtifactStore artifacts,
            EvaluatorConfig config,
            EntityManager database) {
        this.evaluations = evaluations;
        this.prepared = prepared;
        this.generators = generators;
        this.artifacts = artifacts;
        this.config = config;
        this.database = database;
    }

    /** A stored artifact, different for each {@code content}. */
    public String artifact(String content) {
        try {
            Path directory = artifacts.workspace();
            Files.writeString(directory.resolve("model.onnx"), content);
            return artifacts.put(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A benchmark file in the root, and its name. The salt makes its programs' executions its own. */
    public String benchmarkFile(String salt, int problems, String language) {
        String lines = IntStream.range(0, problems)
                .mapToObj("%02d"::formatted)
                .map(number -> """
                        {"name":"p@","language":"%s","prompt":"def f@():\\n","tests":"assert f@() == 0 # %s\\n","stop_tokens":["\\ndef"]}
                        """.formatted(language, salt).replace("@", number))
                .collect(Collectors.joining());
        String name = salt + "-" + language + ".jsonl";
        try {
            Files.writeString(config.root().resolve(name), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return name;
    }

    /** A file in the folder of benchmarks. */
    public void benchmark(String file, String text) {
        try {
            Path path = config.benchmarks().orElseThrow().resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request for a benchmark that is named without a file. */
    public EvaluationRequest request(String artifact, String benchmark, int samples) {
        return new EvaluationRequest(
                Event.SCHEMA_VERSION,
                UUID.randomUUID(),
                TEAM,
                UUID.randomUUID(),
                UUID.randomUUID(),
                artifact,
                new BenchmarkSpec(benchmark, null, null, null),
                samples,
                DECODING);
    }

    public EvaluationRequest request(UUID study, String artifact, ProgramLanguage language, String file, int samples) {
        return new EvaluationRequest(
                Event.SCHEMA_VERSION,
                UUID.randomUUID(),
                TEAM,
                UUID.randomUUID(),
                study,
                artifact,
                new BenchmarkSpec("tiny", language, file, null),
                samples,
                DECODING);
    }

    /** Of a model that is served elsewhere. */
    public EvaluationRequest request(GeneratorSpec generator, String file, int samples) {
        return new EvaluationRequest(
                Event.SCHEMA_VERSION,
                UUID.randomUUID(),
                TEAM,
                UUID.randomUUID(),
                UUID.randomUUID(),
                null,
                generator,
                new BenchmarkSpec("tiny", ProgramLanguage.PYTHON, file, null),
                samples,
                DECODING);
    }

    /** A running evaluation of {@code problems} problems in one unit, all with the same benchmark digest. */
    public EvaluationRequest running(String artifact, int problems, int samples) {
        EvaluationRequest request =
                request(UUID.randomUUID(), artifact, ProgramLanguage.PYTHON, "unread.jsonl", samples);
        evaluations.accept(request);
        GenerationIdentity identity = new GenerationIdentity(
                artifact, Digests.of("benchmark"), DECODING, generators.facts(DECODING.mode()), config.maxLength());
        prepared.install(
                request.evaluationId(),
                identity,
                IntStream.range(0, problems)
                        .mapToObj(i -> new Problem(
                                "p" + i,
                                "def f" + i + "():\n",
                                List.of(),
                                new Tests.Script("f" + i + "()\n"),
                                Optional.empty(),
                                Map.of()))
                        .toList(),
                Harness.of(BenchmarkFamily.REFERENCE, ProgramLanguage.PYTHON),
                new LanguageView(ProgramLanguage.PYTHON, true, Surroundings.TOOLCHAIN, Surroundings.JUDGE_VERSION));
        return request;
    }

    /** The sandbox's answer. */
    public static ExecutionResult answer(String executionId, int attempt, Verdict verdict) {
        return answer(executionId, attempt, verdict, Surroundings.TOOLCHAIN);
    }

    public static ExecutionResult answer(String executionId, int attempt, Verdict verdict, String toolchain) {
        return new ExecutionResult(
                Event.SCHEMA_VERSION,
                UUID.randomUUID(),
                TEAM,
                executionId,
                attempt,
                verdict,
                0,
                null,
                0.1,
                0.25,
                1_000_000,
                0.5,
                0.01,
                "bubblewrap",
                "",
                "",
                false,
                toolchain,
                Surroundings.JUDGE_VERSION,
                verdict == Verdict.PASSED ? "" : "what the sandbox says");
    }

    /** The single value that {@code sql} finds, as text. */
    @Transactional
    public String value(String sql, Object... parameters) {
        Query query = database.createNativeQuery(sql, Object.class);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return String.valueOf(query.getSingleResult());
    }

    @Transactional
    public void execute(String sql, Object... parameters) {
        Query query = database.createNativeQuery(sql);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        query.executeUpdate();
    }

    /** Empties all tables. */
    @Transactional
    public void clear() {
        database.createNativeQuery("TRUNCATE source_text, generation, sample, execution, evaluation, cancelled_study,"
                        + " evaluation_problem, work_unit, judgement, outbox")
                .executeUpdate();
    }
}
