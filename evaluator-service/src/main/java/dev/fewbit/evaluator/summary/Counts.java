package dev.fewbit.evaluator.summary;

import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.evaluator.energy.ResourceUse;
import dev.fewbit.evaluator.sql.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Counts over an evaluation's samples, each counted by its one row in {@code judgement}. */
@ApplicationScoped
class Counts {
    private static final String FROM = """
             FROM evaluation e
            JOIN judgement j ON j.evaluation_id = e.id
            JOIN sample s ON s.generation_id = e.generation_id AND s.problem = j.problem AND s.idx = j.idx
            JOIN execution x ON x.id = j.execution_id
            WHERE e.id = ?1""";

    private static final String PROGRESS = """
            SELECT count(*), coalesce(sum(s.tokens), 0),
              coalesce(sum(s.tokens) FILTER (WHERE s.created_at >= e.requested_at), 0), count(x.verdict),
              count(DISTINCT x.id) FILTER (WHERE x.verdict IS NOT NULL),
              count(DISTINCT x.id) FILTER (WHERE x.verdict IS NOT NULL AND x.answered_at >= e.requested_at),
              min(j.problem || ' sample ' || j.idx || ': ' || x.fault) FILTER (WHERE x.given_up)""" + "\n" + FROM;

    private static final String PASSED = """
            SELECT cast(count(*) FILTER (WHERE x.verdict = 'PASSED') AS integer)""" + "\n" + FROM + "\n" + """
             GROUP BY j.problem ORDER BY j.problem""";

    private static final String VERDICTS =
            "SELECT x.verdict, cast(count(*) AS integer)" + "\n" + FROM + " GROUP BY x.verdict";

    private static final String GENERATION = """
            SELECT coalesce(sum(s.generate_seconds), 0),
              coalesce(bool_and(s.created_at < e.requested_at AND x.answered_at < e.requested_at), false),
              CASE WHEN count(s.gpu_joules) = count(*) THEN sum(s.gpu_joules) END,
              CASE WHEN count(s.cpu_joules) = count(*) THEN sum(s.cpu_joules) END""" + "\n" + FROM;

    private static final String PEAKS = """
            SELECT g.peak_host_bytes, g.peak_device_bytes
            FROM generation g JOIN evaluation e ON e.generation_id = g.id WHERE e.id = ?1""";

    private static final String EXECUTION = """
            SELECT coalesce(sum(wall_seconds + compile_seconds), 0), string_agg(DISTINCT isolation, ', ')
            FROM execution
            WHERE id IN (SELECT execution_id FROM judgement WHERE evaluation_id = ?1)""";

    private final EntityManager database;

    Counts(EntityManager database) {
        this.database = database;
    }

    /**
     * What making the samples took.
     *
     * @param seconds of generation and of distinct executions
     * @param reused all of it was there before the evaluation
     * @param isolation of the executions
     * @param use of energy by all samples, null where one of them was not measured; of memory the most
     */
    record Work(double seconds, boolean reused, String isolation, ResourceUse use) {}

    @Transactional
    EvaluationCounts progress(UUID id) {
        Object[] row = one(PROGRESS, id);
        return new EvaluationCounts(
                (Long) row[0],
                ((Number) row[1]).longValue(),
                ((Number) row[2]).longValue(),
                (Long) row[3],
                (Long) row[4],
                (Long) row[5],
                (String) row[6]);
    }

    /** Samples that passed, a problem each, by name. */
    @Transactional
    int[] passedByProblem(UUID id) {
        return Rows.values(database.createNativeQuery(PASSED, Integer.class).setParameter(1, id), Integer.class)
                .stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Transactional
    Map<Verdict, Integer> verdicts(UUID id) {
        Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
        List<Object[]> rows =
                Rows.list(database.createNativeQuery(VERDICTS, Object[].class).setParameter(1, id));
        for (Object[] row : rows) {
            verdicts.put(Verdict.valueOf((String) row[0]), (Integer) row[1]);
        }
        return verdicts;
    }

    @Transactional
    Work work(UUID id) {
        Object[] generation = one(GENERATION, id);
        Object[] execution = one(EXECUTION, id);
        Object[] peaks = one(PEAKS, id);
        return new Work(
                (Double) generation[0] + (Double) execution[0],
                (Boolean) generation[1],
                (String) execution[1],
                new ResourceUse((Double) generation[2], (Double) generation[3], (Long) peaks[0], (Long) peaks[1]));
    }

    private Object[] one(String sql, UUID id) {
        return Rows.single(database.createNativeQuery(sql, Object[].class).setParameter(1, id));
    }
}
