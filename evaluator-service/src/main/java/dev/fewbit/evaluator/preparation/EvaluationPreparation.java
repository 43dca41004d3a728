package dev.fewbit.evaluator.preparation;

import dev.fewbit.benchmark.Benchmark;
import dev.fewbit.benchmark.BenchmarkLoader;
import dev.fewbit.benchmark.InvalidBenchmarkException;
import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.StratifiedChoice;
import dev.fewbit.benchmark.harness.Harness;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.PromptStyle;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.contracts.execution.LanguageView;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.evaluator.evaluation.Evaluation;
import dev.fewbit.evaluator.evaluation.EvaluationService;
import dev.fewbit.evaluator.evaluation.EvaluationState;
import dev.fewbit.evaluator.evaluation.Evaluations;
import dev.fewbit.evaluator.execution.SandboxLanguages;
import dev.fewbit.evaluator.execution.SandboxUnavailableException;
import dev.fewbit.evaluator.generation.ServedModels;
import dev.fewbit.evaluator.generation.ServerUnavailableException;
import dev.fewbit.generation.CompletionGenerators;
import dev.fewbit.generation.EngineFacts;
import dev.fewbit.generation.GenerationIdentity;
import dev.fewbit.generation.UnusableModelException;
import dev.fewbit.objectstore.ArtifactStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Prepares requested evaluations: all that can be wrong with a request is found here, before anything is generated. */
@ApplicationScoped
public class EvaluationPreparation {
    private static final Logger LOGGER = Logger.getLogger(EvaluationPreparation.class);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

    private final Evaluations evaluations;
    private final EvaluationService service;
    private final PreparedEvaluations prepared;
    private final SandboxLanguages languages;
    private final CompletionGenerators generators;
    private final ServedModels served;
    private final ArtifactStore artifacts;
    private final EvaluatorConfig config;
    private final BenchmarkLoader benchmarks;
    private final Map<String, AwayServer> awayServers = new HashMap<>();
    private String lastComplaint = "";

    EvaluationPreparation(
            Evaluations evaluations,
            EvaluationService service,
            PreparedEvaluations prepared,
            SandboxLanguages languages,
            CompletionGenerators generators,
            ServedModels served,
            ArtifactStore artifacts,
            EvaluatorConfig config) {
        this.evaluations = evaluations;
        this.service = service;
        this.prepared = prepared;
        this.languages = languages;
        this.generators = generators;
        this.served = served;
        this.artifacts = artifacts;
        this.config = config;
        this.benchmarks = new BenchmarkLoader(config.root(), config.benchmarks());
    }

    /** A server that did not answer, and when it is asked again. */
    private record AwayServer(Instant askAgain, ServerUnavailableException fault) {}

    /** A request that cannot be carried out. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Prepares all that wait. Those that need a sandbox which does not answer keep waiting. A fault of one holds up none of the
     * others; the last is thrown when all were tried.
     */
    public void prepareWaiting() {
        RuntimeException fault = null;
        for (UUID id : evaluations.in(EvaluationState.REQUESTED)) {
            try {
                prepare(evaluations.get(id).orElseThrow());
                lastComplaint = "";
            } catch (InvalidBenchmarkException | RefusedException e) {
                service.fail(id, e.getMessage());
            } catch (SandboxUnavailableException e) {
                complainOnce("evaluations wait for the sandbox: " + e.getMessage());
                break;
            } catch (UnusableModelException e) {
                service.fail(id, e.getMessage());
            } catch (ServerUnavailableException e) {
                waitOrFail(id, e);
            } catch (RuntimeException e) {
                // The database, or a bug that shows with this request only: it waits and is tried again.
                fault = e;
            }
        }
        if (fault != null) {
            throw fault;
        }
    }

    private void prepare(Evaluation evaluation)
            throws InvalidBenchmarkException, SandboxUnavailableException, RefusedException {
        EvaluationRequest request = evaluation.request();
        EngineFacts engine = engine(request);
        Benchmark benchmark = benchmarks.load(request.benchmark());
        String source = benchmarks.source(request.benchmark());
        List<Problem> problems = StratifiedChoice.choose(
                benchmark.problems(), request.benchmark().choose(), source);
        LanguageView language = languages
                .find(request.benchmark().language())
                .filter(LanguageView::available)
                .orElseThrow(() -> new RefusedException("the sandbox has no toolchain for "
                        + request.benchmark().language().label() + "; install it and restart the sandbox"));
        GenerationIdentity identity = new GenerationIdentity(
                request.subject(),
                benchmark.digest(),
                request.decoding(),
                engine,
                request.generator() == null ? config.maxLength() : GenerationIdentity.SERVERS_LENGTH);
        prepared.install(evaluation.id(), identity, problems, Harness.of(request.benchmark()), language);
        LOGGER.infof(
                "evaluation %s: %d problems of %s, %d samples each",
                evaluation.id(), problems.size(), source, request.samples());
    }

    /** What will generate; asks a served model's server, not more often than every few seconds. */
    private EngineFacts engine(EvaluationRequest request) throws RefusedException {
        if (request.generator() == null) {
            requireArtifact(request.artifactId());
            return generators.facts(request.decoding().mode());
        }
        requireServable(request.decoding());
        String server = request.generator().openai().url();
        AwayServer away = awayServers.get(server);
        if (away != null && Instant.now().isBefore(away.askAgain())) {
            throw away.fault();
        }
        try {
            EngineFacts facts = served.facts(request.generator());
            awayServers.remove(server);
            return facts;
        } catch (ServerUnavailableException e) {
            Duration pause = e.retryAfter().compareTo(ASK_AGAIN) > 0 ? e.retryAfter() : ASK_AGAIN;
            awayServers.put(server, new AwayServer(Instant.now().plus(pause), e));
            throw e;
        }
    }

    /** What a completions server is not told: the length of a prompt in its tokens, and a template that is its own. */
    private static void requireServable(DecodingSpec decoding) throws RefusedException {
        if (decoding.maxLength() != null) {
            throw new RefusedException("decoding.max_length is " + decoding.maxLength()
                    + "; allowed of a served model, whose tokens nobody counts before: max_new_tokens");
        }
        if (decoding.prompt() == PromptStyle.CHAT) {
            throw new RefusedException("decoding.prompt is chat; allowed of a served model: plain or stripped");
        }
    }

    private void waitOrFail(UUID id, ServerUnavailableException fault) {
        Evaluation evaluation = evaluations.get(id).orElseThrow();
        if (evaluation.requestedAt().plus(config.openai().patience()).isBefore(Instant.now())) {
            service.fail(
                    id,
                    fault.getMessage() + ", for " + config.openai().patience().toSeconds()
                            + " s (fewbit.evaluator.openai.patience)");
        } else {
            complainOnce("an evaluation waits for its server: " + fault.getMessage());
        }
    }

    private void requireArtifact(String artifactId) throws RefusedException {
        try {
            if (artifactId.matches("[0-9a-f]{64}") && artifacts.find(artifactId).isPresent()) {
                return;
            }
        } catch (IOException e) {
            throw new RefusedException("artifact " + artifactId + " cannot be read: " + e.getMessage());
        }
        throw new RefusedException("artifact " + artifactId + " is not in the object store " + config.store());
    }

    private void complainOnce(String complaint) {
        if (!complaint.equals(lastComplaint)) {
            LOGGER.warn(complaint);
            lastComplaint = complaint;
        }
    }
}
