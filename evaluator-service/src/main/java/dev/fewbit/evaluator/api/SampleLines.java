package dev.fewbit.evaluator.api;

import dev.fewbit.contracts.evaluation.SampleView;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.evaluator.sql.Rows;
import dev.fewbit.evaluator.text.SourceTexts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;

/** An evaluation's samples a page at a time, ordered by problem (bytes of its name) and index. */
@ApplicationScoped
class SampleLines {
    static final int PAGE = 256;

    private static final String QUERY = """
            SELECT j.problem, j.idx, t.body, x.verdict
            FROM evaluation e
            JOIN judgement j ON j.evaluation_id = e.id
            JOIN sample s ON s.generation_id = e.generation_id AND s.problem = j.problem AND s.idx = j.idx
            JOIN source_text t ON t.digest = s.program_digest
            JOIN execution x ON x.id = j.execution_id
            WHERE e.id = :evaluation AND (j.problem, j.idx) > (:problem, :index)
            ORDER BY j.problem, j.idx
            LIMIT :page""";

    private final EntityManager database;

    SampleLines(EntityManager database) {
        this.database = database;
    }

    /** The page behind {@code problem} and {@code index}; shorter than {@link #PAGE} when it is the last. */
    @Transactional
    List<SampleView> after(UUID evaluation, String problem, int index) {
        return Rows.list(database.createNativeQuery(QUERY, Object[].class)
                        .setParameter("evaluation", evaluation)
                        .setParameter("problem", problem)
                        .setParameter("index", index)
                        .setParameter("page", PAGE))
                .stream()
                .map(row -> new SampleView(
                        (String) row[0],
                        (Integer) row[1],
                        SourceTexts.text((byte[]) row[2]),
                        row[3] == null ? null : Verdict.valueOf((String) row[3])))
                .toList();
    }
}
