package dev.fewbit.evaluator.execution;

import dev.fewbit.benchmark.harness.JudgingSpec;
import dev.fewbit.evaluator.event.EventCodec;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Executions under the identity of their verdict. */
@ApplicationScoped
public class Executions implements PanacheRepositoryBase<ExecutionRow, String> {
    /** One that was given up is tried again when somebody new asks for it: the sandbox may have been repaired. */
    private static final String ASK = """
            INSERT INTO execution (id, team, language, program_digest, tests_digest, limits, toolchain, judge_version)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (id) DO UPDATE
            SET given_up = false, faults = 0, fault = NULL, asked_at = NULL, not_before = now()
            WHERE execution.given_up""";

    private final EventCodec codec;

    Executions(EventCodec codec) {
        this.codec = codec;
    }

    /**
     * Makes sure, in the caller's transaction, that the execution is there. Who inserts it causes the request; who finds
     * it shares the verdict.
     *
     * @param id {@link JudgingSpec#executionId} of the rest
     * @param team that asks
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void ask(String id, String team, JudgingSpec spec, String programDigest, String testsDigest) {
        getEntityManager()
                .createNativeQuery(ASK)
                .setParameter(1, id)
                .setParameter(2, team)
                .setParameter(3, spec.language().name())
                .setParameter(4, programDigest)
                .setParameter(5, testsDigest)
                .setParameter(6, codec.write(spec.limits()))
                .setParameter(7, spec.toolchain())
                .setParameter(8, spec.judgeVersion())
                .executeUpdate();
    }
}
