package dev.fewbit.evaluator.execution;

import dev.fewbit.contracts.event.ExecutionResult;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.evaluator.evaluation.EvaluationActivity;
import dev.fewbit.evaluator.sql.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Takes the sandbox's answers in: the first verdict stays, repeats are dropped, faults are asked again. */
@ApplicationScoped
public class Verdicts {
    private static final Logger LOGGER = Logger.getLogger(Verdicts.class);
    private static final int MOST_DOUBLINGS = 10;

    private final Executions executions;
    private final EntityManager database;
    private final EvaluationActivity activity;
    private final EvaluatorConfig config;

    Verdicts(Executions executions, EntityManager database, EvaluationActivity activity, EvaluatorConfig config) {
        this.executions = executions;
        this.database = database;
        this.activity = activity;
        this.config = config;
    }

    /**
     * Stores what {@code result} says, once. A verdict of any attempt is good, since an execution's id holds all that decides
     * it; a fault counts only for the attempt that is waited for.
     */
    @Transactional
    public void accept(ExecutionResult result) {
        ExecutionRow row = executions.findById(result.executionId(), LockModeType.PESSIMISTIC_WRITE);
        if (row == null) {
            LOGGER.warnf("dropped a result of execution %s, which nobody here asked for", result.executionId());
            return;
        }
        if (row.verdict != null) {
            return;
        }
        if (result.verdict() == Verdict.INFRASTRUCTURE_FAULT) {
            fault(row, result);
        } else if (!result.toolchain().equals(row.toolchain) || result.judgeVersion() != row.judgeVersion) {
            giveUp(
                    row,
                    "the sandbox answers with " + result.toolchain() + " (judge " + result.judgeVersion()
                            + "), but the evaluation was prepared for " + row.toolchain + " (judge "
                            + row.judgeVersion + ")");
        } else {
            store(row, result);
        }
        activity.touch(evaluationsOf(row.id));
    }

    private void fault(ExecutionRow row, ExecutionResult result) {
        if (row.askedAt == null || row.attempt != result.attempt()) {
            return;
        }
        row.faults++;
        String line = "infrastructure fault: " + storable(result.message());
        if (row.faults >= config.faultAttempts()) {
            giveUp(row, line + " (" + row.faults + " times)");
            return;
        }
        Instant now = Instant.now();
        row.fault = line;
        row.answeredAt = now;
        row.askedAt = null;
        row.notBefore = now.plus(config.faultBackOff().multipliedBy(1L << Math.min(row.faults - 1, MOST_DOUBLINGS)));
        LOGGER.warnf("execution %s will be asked for again: %s", row.id, line);
    }

    private static void giveUp(ExecutionRow row, String line) {
        row.fault = line;
        row.givenUp = true;
        row.answeredAt = Instant.now();
    }

    private static void store(ExecutionRow row, ExecutionResult result) {
        row.verdict = result.verdict();
        row.answeredAt = Instant.now();
        row.fault = null;
        row.wallSeconds = result.wallSeconds();
        row.compileSeconds = result.compileSeconds();
        row.cpuSeconds = result.cpuSeconds();
        row.peakMemory = result.peakMemoryBytes();
        row.exitStatus = result.exitStatus();
        row.signal = result.signal();
        row.isolation = result.isolation();
        row.message = storable(result.message());
        row.outputHead = result.outputHead().getBytes(StandardCharsets.UTF_8);
    }

    /** PostgreSQL's text holds no NUL, a compiler's message may. */
    private static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    private List<UUID> evaluationsOf(String executionId) {
        return Rows.values(
                database.createNativeQuery(
                                "SELECT DISTINCT evaluation_id FROM judgement WHERE execution_id = ?1", UUID.class)
                        .setParameter(1, executionId),
                UUID.class);
    }
}
