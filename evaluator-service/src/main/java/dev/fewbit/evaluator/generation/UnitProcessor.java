package dev.fewbit.evaluator.generation;

import dev.fewbit.benchmark.harness.Harness;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.evaluator.energy.ResourceMeter;
import dev.fewbit.evaluator.energy.ResourceUse;
import dev.fewbit.evaluator.evaluation.EvaluationService;
import dev.fewbit.evaluator.evaluation.Evaluations;
import dev.fewbit.evaluator.event.EventCodec;
import dev.fewbit.evaluator.execution.EvaluationHarness;
import dev.fewbit.evaluator.generation.Samples.MissingSample;
import dev.fewbit.generation.AnswerReading;
import dev.fewbit.generation.CompletionGenerator;
import dev.fewbit.generation.CompletionGenerator.Task;
import dev.fewbit.generation.UnusableModelException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Does a claimed work unit: what is stored already is taken over, the rest is generated. */
@ApplicationScoped
class UnitProcessor {
    private static final Logger LOGGER = Logger.getLogger(UnitProcessor.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final WorkUnits units;
    private final Samples samples;
    private final GenerationRecords records;
    private final LoadedModel model;
    private final Evaluations evaluations;
    private final EvaluationService service;
    private final EventCodec codec;
    private final ResourceMeter meter;
    private final EvaluatorConfig config;

    UnitProcessor(
            WorkUnits units,
            Samples samples,
            GenerationRecords records,
            LoadedModel model,
            Evaluations evaluations,
            EvaluationService service,
            EventCodec codec,
            ResourceMeter meter,
            EvaluatorConfig config) {
        this.units = units;
        this.samples = samples;
        this.records = records;
        this.model = model;
        this.evaluations = evaluations;
        this.service = service;
        this.codec = codec;
        this.meter = meter;
        this.config = config;
    }

    /**
     * Works on {@code claim} until it is done, fails, is lost, or {@code stopping} says that the process ends.
     *
     * @param stored told when there is something new to execute
     */
    void process(UnitClaim claim, BooleanSupplier stopping, Runnable stored) {
        if (claim.attempt() > config.unitStarts()) {
            service.fail(
                    claim.evaluationId(),
                    "work unit " + claim.number() + " was started " + config.unitStarts()
                            + " times and never finished: the process may run out of memory");
            return;
        }
        try (Heartbeat heartbeat = new Heartbeat(units, claim, config.heartbeat())) {
            BooleanSupplier cancelled = () -> heartbeat.lost() || stopping.getAsBoolean();
            generate(claim, cancelled, stored);
            if (cancelled.getAsBoolean()) {
                units.release(claim);
            } else {
                units.done(claim);
            }
        } catch (FencedException e) {
            LOGGER.infof("stopped: %s", e.getMessage());
        } catch (UnusableModelException e) {
            service.fail(claim.evaluationId(), e.getMessage());
        } catch (ServerUnavailableException e) {
            waitOrFail(claim, e);
        } catch (RuntimeException e) {
            // Whatever went wrong, the unit is not lost: it is tried again, and its evaluation fails when that does not
            // help.
            retryOrFail(claim, e);
        }
    }

    private void generate(UnitClaim claim, BooleanSupplier cancelled, Runnable stored) {
        samples.store(claim, List.of(), ResourceUse.UNKNOWN);
        stored.run();
        List<MissingSample> missing = samples.missing(claim);
        if (missing.isEmpty() || cancelled.getAsBoolean()) {
            return;
        }
        EvaluationRequest request =
                evaluations.get(claim.evaluationId()).orElseThrow().request();
        DecodingSpec decoding = request.decoding();
        Harness harness = EvaluationHarness.of(request);
        CompletionGenerator generator = model.get(claim.modelKey());
        records.madeBy(claim.evaluationId(), decoding.prompt(), generator);
        Map<String, List<MissingSample>> byStopTokens = missing.stream()
                .collect(Collectors.groupingBy(MissingSample::stopTokens, LinkedHashMap::new, Collectors.toList()));
        byStopTokens.forEach((tokens, group) -> {
            AnswerReading reading = AnswerReading.of(decoding, List.of(codec.read(tokens, String[].class)));
            SampleRecorder recorder =
                    new SampleRecorder(samples, claim, prompts(group), harness, reading, stored, use(generator));
            try {
                generator.generate(tasks(group), decoding, reading.stop(), recorder::add, cancelled);
            } catch (ServerUnavailableException e) {
                // What it answered before it went away is kept.
                recorder.flush();
                throw e;
            }
            recorder.flush();
        });
    }

    /** What a server does elsewhere is not measured here. */
    private Supplier<ResourceUse> use(CompletionGenerator generator) {
        return generator.elsewhere().isEmpty() ? meter.begin()::next : () -> ResourceUse.UNKNOWN;
    }

    /** The unit waits for its server, with the samples that it has. */
    private void waitOrFail(UnitClaim claim, ServerUnavailableException fault) {
        LOGGER.warnf("unit %d of evaluation %s waits: %s", claim.number(), claim.evaluationId(), fault.getMessage());
        Duration pause = config.openai().pause();
        Duration asked = fault.retryAfter();
        int faults = units.fail(claim, fault.getMessage(), asked.compareTo(pause) > 0 ? asked : pause);
        if (faults >= config.unitAttempts()) {
            service.fail(
                    claim.evaluationId(),
                    "the server of work unit " + claim.number() + " was not there " + faults + " times; the last time: "
                            + fault.getMessage());
        }
    }

    private void retryOrFail(UnitClaim claim, RuntimeException failure) {
        LOGGER.errorf(failure, "unit %d of evaluation %s failed", claim.number(), claim.evaluationId());
        String line = failure.getClass().getSimpleName() + ": "
                + String.valueOf(failure.getMessage())
                        .lines()
                        .findFirst()
                        .orElse("")
                        .replace('\0', '\uFFFD');
        // An engine that failed once is not trusted again.
        model.unload();
        if (units.fail(claim, line, PAUSE_AFTER_FAILURE) >= config.unitAttempts()) {
            service.fail(
                    claim.evaluationId(),
                    "work unit " + claim.number() + " failed " + config.unitAttempts() + " times; the last time: "
                            + line);
        }
    }

    private static Map<String, String> prompts(List<MissingSample> group) {
        return group.stream()
                .collect(Collectors.toMap(MissingSample::problem, MissingSample::prompt, (first, same) -> first));
    }

    private static List<Task> tasks(List<MissingSample> group) {
        Map<String, List<Integer>> indexes = new LinkedHashMap<>();
        group.forEach(sample -> indexes.computeIfAbsent(sample.problem(), p -> new ArrayList<>())
                .add(sample.index()));
        Map<String, String> prompts = prompts(group);
        return indexes.entrySet().stream()
                .map(entry -> new Task(entry.getKey(), prompts.get(entry.getKey()), entry.getValue()))
                .toList();
    }
}
