package dev.fewbit.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.study.ReportCell;
import dev.fewbit.contracts.study.Stage;
import dev.fewbit.contracts.study.StageProgress;
import dev.fewbit.contracts.study.StudyReport;
import dev.fewbit.contracts.study.StudyView;
import dev.fewbit.launcher.stack.Stack;
import dev.fewbit.launcher.study.GatewayClient;
import dev.fewbit.launcher.study.ResultFiles;
import dev.fewbit.launcher.study.StudyFile;
import dev.fewbit.launcher.study.StudyRun;
import dev.fewbit.launcher.supervisor.SupervisedChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small study of the reference model through broker, database and all four services as they are shipped: undisturbed and again,
 * and with a service killed in the middle.
 */
class WholeStackIT {
    private static final int PROBLEMS = 12;
    private static final int SAMPLES = 2;
    private static final int CELLS = 4;

    private static final String STUDY = """
            name: Whole stack
            models:
              - {name: reference, checkpoint: reference-model/checkpoint}
            recipes:
              - {method: none, bits: 16}
              - {method: rtn, bits: 4}
            benchmarks:
              - name: reference
                language: python
                file: reference-model/benchmark/python.jsonl
                choose: {problems: 12, seed: 3}
              - name: reference
                language: java
                file: reference-model/benchmark/java.jsonl
                choose: {problems: 12, seed: 3}
            samples: 2
            decoding: {max_new_tokens: 200, seed: 5}
            """;

    /** What is lost is noticed sooner than a long study needs. */
    private static final Map<String, String> QUICK_RECOVERY = Map.of(
            "FEWBIT_EVALUATOR_HEARTBEAT", "1s",
            "FEWBIT_EVALUATOR_RESEND_AFTER", "8s",
            "FEWBIT_EVALUATOR_PROGRESS_EVERY", "250ms");

    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void shouldJudgeEverySampleOnceAndReuseAllWhenRunAgain() throws Exception {
        // When
        Outcome first = run(stack -> view -> {});
        Outcome second = run(stack -> view -> {});

        // Then
        assertComplete(first);
        assertComplete(second);
        assertThat(first.report().cells()).noneMatch(ReportCell::reused);
        assertThat(first.report().cells()).allSatisfy(cell -> {
            assertThat(cell.evaluateSeconds()).isPositive();
            assertThat(cell.passAt1Low()).isLessThanOrEqualTo(cell.passAt1());
            assertThat(cell.passAt1High()).isGreaterThanOrEqualTo(cell.passAt1());
        });
        assertThat(second.report().cells()).allMatch(ReportCell::reused);
        assertThat(second.samples()).isEqualTo(first.samples());
        assertThat(second.restarts()).isZero();
    }

    @Test
    void shouldLoseNoSampleWhenSandboxIsKilledInTheMiddle() throws Exception {
        // When
        Outcome outcome = runKilling("sandbox-service", Stage.EXECUTE);

        // Then
        assertThat(outcome.restarts()).isEqualTo(1);
        assertComplete(outcome);
    }

    @Test
    void shouldLoseNoSampleWhenEvaluatorIsKilledInTheMiddle() throws Exception {
        // When
        Outcome outcome = runKilling("evaluator-service", Stage.GENERATE);

        // Then
        assertThat(outcome.restarts()).isEqualTo(1);
        assertComplete(outcome);
    }

    private Outcome runKilling(String service, Stage stage) throws Exception {
        AtomicBoolean killed = new AtomicBoolean();
        Outcome outcome = run(stack -> view -> {
            StageProgress progress = view.progress().stream()
                    .filter(row -> row.stage() == stage)
                    .findFirst()
                    .orElseThrow();
            if (progress.done() > 0 && progress.done() < progress.total() && !killed.get()) {
                stack.child(service).pid().flatMap(ProcessHandle::of).ifPresent(process -> {
                    killed.set(process.destroyForcibly());
                });
            }
        });
        assertThat(killed).as(service + " was killed while the study ran").isTrue();
        return outcome;
    }

    private Outcome run(Listener listener) throws IOException, InterruptedException {
        Installation installation = Installation.current();
        Path file = Files.writeString(directory.resolve("study.yaml"), STUDY);
        StudyFile study = StudyFile.read(file, OptionalInt.empty(), installation.root(), directory, Optional.empty());
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(QUICK_RECOVERY);
        try (Stack stack = new Stack(installation, directory.resolve("data"), OptionalInt.empty(), environment);
                GatewayClient gateway = new GatewayClient(stack.gateway())) {
            stack.start();
            StudyRun run = new StudyRun(gateway, stack::failure, Clock.systemUTC());
            StudyView finished = run.follow(run.submit(study).view(), listener.on(stack));
            ResultFiles files = new ResultFiles(stack.directory().root());
            StudyReport report = run.results(finished, files);
            return new Outcome(report, samples(files.samplesFile()), restarts(stack));
        }
    }

    private static int restarts(Stack stack) {
        return List.of("database", "broker", "sandbox-service", "quantizer-service", "evaluator-service", "gateway")
                .stream()
                .map(stack::child)
                .mapToInt(SupervisedChild::restarts)
                .sum();
    }

    /** Lines by cell, problem and index; a line that stands twice fails. */
    private Map<String, String> samples(Path file) throws IOException {
        Map<String, String> samples = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode sample = json.readTree(line);
            String key = "%s %s %s %s"
                    .formatted(
                            sample.path("language").asText(),
                            sample.path("bits").asInt(),
                            sample.path("problem").asText(),
                            sample.path("index").asInt());
            assertThat(samples.put(key, line)).as(key).isNull();
        }
        return samples;
    }

    private void assertComplete(Outcome outcome) throws IOException {
        assertThat(outcome.samples()).hasSize(CELLS * PROBLEMS * SAMPLES);
        Map<String, Integer> passed = new HashMap<>();
        for (String line : outcome.samples().values()) {
            JsonNode sample = json.readTree(line);
            assertThat(sample.path("verdict").asText())
                    .isIn(
                            "passed",
                            "assertion-failed",
                            "raised",
                            "compile-failed",
                            "timed-out",
                            "memory-exceeded",
                            "output-exceeded");
            assertThat(sample.path("index").asInt()).isBetween(0, SAMPLES - 1);
            passed.merge(
                    sample.path("language").asText() + sample.path("bits").asInt(),
                    "passed".equals(sample.path("verdict").asText()) ? 1 : 0,
                    Integer::sum);
        }
        assertThat(outcome.report().cells()).hasSize(CELLS);
        for (ReportCell cell : outcome.report().cells()) {
            assertThat(cell.problems()).isEqualTo(PROBLEMS);
            assertThat(cell.samplesPerProblem()).isEqualTo(SAMPLES);
            assertThat(cell.passAt1())
                    .isEqualTo(
                            (double) passed.get(cell.language().label() + cell.bits()) / (PROBLEMS * SAMPLES),
                            within(1e-12));
        }
    }

    private interface Listener {
        Consumer<StudyView> on(Stack stack);
    }

    private record Outcome(StudyReport report, Map<String, String> samples, int restarts) {}
}
