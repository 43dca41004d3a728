package dev.fewbit.sandbox.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.ExecutionRequest;
import dev.fewbit.contracts.event.ExecutionResult;
import dev.fewbit.contracts.execution.Content;
import dev.fewbit.objectstore.ContentStore;
import dev.fewbit.objectstore.DirectoryBlobStore;
import dev.fewbit.sandbox.SandboxConfig;
import dev.fewbit.sandbox.execution.Execution;
import dev.fewbit.sandbox.execution.ExecutionService;
import dev.fewbit.sandbox.execution.LanguageUnavailableException;
import dev.fewbit.sandbox.execution.OutputExcerpt;
import dev.fewbit.sandbox.execution.SandboxUnavailableException;
import dev.fewbit.sandbox.outcome.ExecutionOutcome;
import dev.fewbit.sandbox.outcome.VerdictRules;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Turns a request's JSON into a result's, by executing its program. */
@ApplicationScoped
public class ExecutionRequestHandler {
    private static final Logger LOGGER = Logger.getLogger(ExecutionRequestHandler.class);
    private static final double NANOS_PER_SECOND = 1e9;

    private final ExecutionService service;
    private final ContentStore contents;
    private final ObjectMapper mapper;

    public ExecutionRequestHandler(ExecutionService service, SandboxConfig config, ObjectMapper mapper) {
        this.service = service;
        this.contents = new ContentStore(new DirectoryBlobStore(config.store()));
        this.mapper = mapper;
    }

    /** What to do with a request. */
    public sealed interface Answer {
        /** Publish a result. */
        record Result(String executionId, String json) implements Answer {}

        /** It can never be executed. */
        record Unreadable(String reason) implements Answer {}

        /** Leave it for the next start: this service stops, or its sandbox does not hold. */
        record Stopping() implements Answer {}
    }

    public Answer handle(String json) {
        ExecutionRequest request;
        try {
            request = mapper.readValue(json, ExecutionRequest.class);
        } catch (JsonProcessingException e) {
            return new Answer.Unreadable("not an execution request: " + e.getOriginalMessage());
        }
        if (request.schemaVersion() != Event.SCHEMA_VERSION) {
            return new Answer.Unreadable(
                    "schemaVersion " + request.schemaVersion() + ", this build reads " + Event.SCHEMA_VERSION);
        }
        try {
            ExecutionResult result = result(request, execute(request));
            return new Answer.Result(request.executionId(), mapper.writeValueAsString(result));
        } catch (SandboxUnavailableException e) {
            LOGGER.errorf("execution %s waits: %s", request.executionId(), e.getMessage());
            return new Answer.Stopping();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Stopping();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result of ours cannot be written as JSON", e);
        }
    }

    private Execution execute(ExecutionRequest request) throws SandboxUnavailableException, InterruptedException {
        try {
            String program = contents.read(request.program());
            String tests = read(request.tests());
            return service.execute(request.language(), program, tests, request.limits());
        } catch (IOException | LanguageUnavailableException e) {
            return faulty(e.getMessage());
        }
    }

    private String read(Content content) throws IOException {
        return content == null ? null : contents.read(content);
    }

    private static Execution faulty(String message) {
        return new Execution(
                new ExecutionOutcome.InfrastructureFault(message),
                null,
                null,
                Duration.ZERO,
                Duration.ZERO,
                0,
                Duration.ZERO,
                Duration.ZERO,
                "none",
                new OutputExcerpt("", "", false),
                "",
                VerdictRules.JUDGE_VERSION);
    }

    private static ExecutionResult result(ExecutionRequest request, Execution execution) {
        return new ExecutionResult(
                Event.SCHEMA_VERSION,
                UUID.randomUUID(),
                request.team(),
                request.executionId(),
                request.attempt(),
                execution.outcome().verdict(),
                execution.exitStatus(),
                execution.signal(),
                seconds(execution.cpuTime()),
                seconds(execution.wallTime()),
                execution.peakMemoryBytes(),
                seconds(execution.compileTime()),
                seconds(execution.queueTime()),
                execution.isolation(),
                execution.output().head(),
                execution.output().tail(),
                execution.output().cut(),
                execution.toolchain(),
                execution.judgeVersion(),
                execution.outcome().message());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_SECOND;
    }
}
