package dev.fewbit.evaluator.generation;

import dev.fewbit.benchmark.harness.JudgingSpec;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.evaluator.energy.ResourceUse;
import dev.fewbit.evaluator.evaluation.EvaluationActivity;
import dev.fewbit.evaluator.event.EventCodec;
import dev.fewbit.evaluator.execution.EvaluationHarness;
import dev.fewbit.evaluator.execution.Executions;
import dev.fewbit.evaluator.sql.Rows;
import dev.fewbit.evaluator.text.SourceTexts;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Samples under their identity. The first writer of a sample wins; whoever comes later gets the stored one, so that an
 * evaluation's counts rest on what the database has and on nothing that a worker remembers.
 */
@ApplicationScoped
public class Samples implements PanacheRepositoryBase<SampleRow, SampleId> {
    private static final String INSERT = """
            INSERT INTO sample
              (generation_id, problem, idx, program_digest, tokens, finish_reason, generate_seconds, gpu_joules, cpu_joules)
            SELECT generation_id, ?2, ?3, ?4, ?5, ?6, ?7, cast(?8 AS double precision), cast(?9 AS double precision) FROM evaluation WHERE id = ?1
            ON CONFLICT DO NOTHING""";

    private static final String PEAKS = """
            UPDATE generation
            SET peak_host_bytes = greatest(peak_host_bytes, cast(?2 AS bigint)),
                peak_device_bytes = greatest(peak_device_bytes, cast(?3 AS bigint))
            WHERE id = (SELECT generation_id FROM evaluation WHERE id = ?1)""";

    private static final String UNLINKED = """
            SELECT s.problem, s.idx, s.program_digest, p.tests_digest
            FROM evaluation e
            JOIN evaluation_problem p ON p.evaluation_id = e.id
              AND p.position >= :first AND p.position < :end
            JOIN sample s ON s.generation_id = e.generation_id AND s.problem = p.problem AND s.idx < e.samples
            WHERE e.id = :evaluation AND NOT EXISTS (
              SELECT 1 FROM judgement j WHERE j.evaluation_id = e.id AND j.problem = s.problem AND j.idx = s.idx)
            ORDER BY s.program_digest, p.tests_digest""";

    private static final String LINK = """
            INSERT INTO judgement (evaluation_id, problem, idx, execution_id) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO NOTHING""";

    private static final String MISSING = """
            SELECT p.problem, b.body, p.stop_tokens, n.idx
            FROM evaluation e
            JOIN evaluation_problem p ON p.evaluation_id = e.id
              AND p.position >= :first AND p.position < :end
            JOIN source_text b ON b.digest = p.prompt_digest
            CROSS JOIN LATERAL generate_series(0, e.samples - 1) AS n(idx)
            WHERE e.id = :evaluation AND NOT EXISTS (
              SELECT 1 FROM sample s
              WHERE s.generation_id = e.generation_id AND s.problem = p.problem AND s.idx = n.idx)
            ORDER BY p.position, n.idx""";

    private final WorkUnits units;
    private final SourceTexts texts;
    private final Executions executions;
    private final EventCodec codec;
    private final EvaluationActivity activity;

    Samples(WorkUnits units, SourceTexts texts, Executions executions, EventCodec codec, EvaluationActivity activity) {
        this.units = units;
        this.texts = texts;
        this.executions = executions;
        this.codec = codec;
        this.activity = activity;
    }

    /**
     * A finished sample.
     *
     * @param program as the benchmark's harness puts it together, mostly prompt and completion, cut
     * @param seconds its share of the time that generation took
     * @param gpuJoules its share of the GPU's energy, null where that was not measured
     * @param cpuJoules its share of the processors' energy, likewise
     */
    public record NewSample(
            String problem,
            int index,
            String program,
            int tokens,
            String finish,
            double seconds,
            Double gpuJoules,
            Double cpuJoules) {}

    /** A sample that a unit lacks. */
    record MissingSample(String problem, String prompt, String stopTokens, int index) {}

    /** What the unit has still to generate. */
    @Transactional
    List<MissingSample> missing(UnitClaim claim) {
        return Rows.list(getEntityManager()
                        .createNativeQuery(MISSING, Object[].class)
                        .setParameter("evaluation", claim.evaluationId())
                        .setParameter("first", claim.firstPosition())
                        .setParameter("end", claim.endPosition()))
                .stream()
                .map(row -> new MissingSample(
                        (String) row[0], SourceTexts.text((byte[]) row[1]), (String) row[2], (Integer) row[3]))
                .toList();
    }

    /**
     * Stores samples and asks for their verdicts, in one transaction.
     *
     * @param used while they were made; of it the peaks of memory are noted
     * @throws FencedException when the claim no longer holds; nothing is stored
     */
    @Transactional
    public void store(UnitClaim claim, List<NewSample> samples, ResourceUse used) {
        if (!units.hold(claim)) {
            throw new FencedException(claim);
        }
        // In one order everywhere: two widths often write the same programs, and two workers that store them at
        // the same time would otherwise each wait for a row of the other.
        List<NewSample> ordered = samples.stream()
                .sorted(Comparator.comparing(NewSample::program)
                        .thenComparing(NewSample::problem)
                        .thenComparing(NewSample::index))
                .toList();
        for (NewSample sample : ordered) {
            getEntityManager()
                    .createNativeQuery(INSERT)
                    .setParameter(1, claim.evaluationId())
                    .setParameter(2, sample.problem())
                    .setParameter(3, sample.index())
                    .setParameter(4, texts.put(sample.program()))
                    .setParameter(5, sample.tokens())
                    .setParameter(6, sample.finish())
                    .setParameter(7, sample.seconds())
                    .setParameter(8, sample.gpuJoules())
                    .setParameter(9, sample.cpuJoules())
                    .executeUpdate();
        }
        notePeaks(claim, used);
        link(claim);
    }

    private void notePeaks(UnitClaim claim, ResourceUse used) {
        if (used.peakHostBytes() == null && used.peakDeviceBytes() == null) {
            return;
        }
        getEntityManager()
                .createNativeQuery(PEAKS)
                .setParameter(1, claim.evaluationId())
                .setParameter(2, used.peakHostBytes())
                .setParameter(3, used.peakDeviceBytes())
                .executeUpdate();
    }

    /** Asks for the verdicts of all stored samples of the unit that its evaluation has not asked for. */
    private void link(UnitClaim claim) {
        List<Object[]> unlinked = Rows.list(getEntityManager()
                .createNativeQuery(UNLINKED, Object[].class)
                .setParameter("evaluation", claim.evaluationId())
                .setParameter("first", claim.firstPosition())
                .setParameter("end", claim.endPosition()));
        if (unlinked.isEmpty()) {
            return;
        }
        JudgingSpec judging = judging(claim.evaluationId());
        for (Object[] row : unlinked) {
            String id = judging.executionId((String) row[2], (String) row[3]);
            executions.ask(id, claim.team(), judging, (String) row[2], (String) row[3]);
            getEntityManager()
                    .createNativeQuery(LINK)
                    .setParameter(1, claim.evaluationId())
                    .setParameter(2, row[0])
                    .setParameter(3, row[1])
                    .setParameter(4, id)
                    .executeUpdate();
        }
        activity.touch(List.of(claim.evaluationId()));
    }

    private JudgingSpec judging(UUID evaluationId) {
        Object[] row = Rows.single(getEntityManager()
                .createNativeQuery(
                        "SELECT request, toolchain, judge_version FROM evaluation WHERE id = ?1", Object[].class)
                .setParameter(1, evaluationId));
        EvaluationRequest request = codec.read((String) row[0], EvaluationRequest.class);
        return new JudgingSpec(
                request.benchmark().language(), EvaluationHarness.of(request).limits(), (String) row[1], (Integer)
                        row[2]);
    }
}
