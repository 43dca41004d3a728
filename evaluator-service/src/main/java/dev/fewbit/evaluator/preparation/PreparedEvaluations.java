package dev.fewbit.evaluator.preparation;

import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.harness.Harness;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.contracts.execution.LanguageView;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.evaluator.evaluation.Evaluation;
import dev.fewbit.evaluator.evaluation.EvaluationActivity;
import dev.fewbit.evaluator.evaluation.EvaluationState;
import dev.fewbit.evaluator.evaluation.Evaluations;
import dev.fewbit.evaluator.event.EventCodec;
import dev.fewbit.evaluator.generation.ModelKey;
import dev.fewbit.evaluator.generation.ServedModelKey;
import dev.fewbit.evaluator.generation.WorkUnits;
import dev.fewbit.evaluator.text.SourceTexts;
import dev.fewbit.generation.GenerationIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Writes what an evaluation will work on. */
@ApplicationScoped
public class PreparedEvaluations {
    private static final String GENERATION =
            "INSERT INTO generation (key, identity) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    private static final String PROBLEM = """
            INSERT INTO evaluation_problem
              (evaluation_id, position, problem, prompt_digest, tests_digest, stop_tokens)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)""";

    private final EntityManager database;
    private final Evaluations evaluations;
    private final WorkUnits units;
    private final SourceTexts texts;
    private final EventCodec codec;
    private final EvaluationActivity activity;
    private final EvaluatorConfig config;

    PreparedEvaluations(
            EntityManager database,
            Evaluations evaluations,
            WorkUnits units,
            SourceTexts texts,
            EventCodec codec,
            EvaluationActivity activity,
            EvaluatorConfig config) {
        this.database = database;
        this.evaluations = evaluations;
        this.units = units;
        this.texts = texts;
        this.codec = codec;
        this.activity = activity;
        this.config = config;
    }

    /**
     * Writes generation, problems and units, and lets the evaluation run: all of it or nothing. Does nothing when somebody
     * else was first, or the study was cancelled meanwhile.
     *
     * @param problems in order of name, at least one
     * @param harness that judges them
     */
    @Transactional
    public void install(
            UUID id, GenerationIdentity identity, List<Problem> problems, Harness harness, LanguageView language) {
        Optional<Evaluation> evaluation = evaluations.lock(id, EvaluationState.REQUESTED);
        if (evaluation.isEmpty()) {
            return;
        }
        long generation = generation(identity);
        for (int position = 0; position < problems.size(); position++) {
            Problem problem = problems.get(position);
            database.createNativeQuery(PROBLEM)
                    .setParameter(1, id)
                    .setParameter(2, position)
                    .setParameter(3, problem.name())
                    .setParameter(4, texts.put(problem.prompt()))
                    .setParameter(5, texts.put(harness.tests(problem)))
                    .setParameter(6, codec.write(problem.stopTokens()))
                    .executeUpdate();
        }
        String modelKey = modelKey(evaluation.get().request());
        int number = 0;
        for (int first = 0; first < problems.size(); first += config.unitProblems()) {
            units.add(id, number++, first, Math.min(first + config.unitProblems(), problems.size()), modelKey);
        }
        evaluations.prepared(
                id,
                generation,
                identity.benchmarkDigest(),
                problems.size(),
                language.toolchain(),
                language.judgeVersion());
        activity.touch(List.of(id));
    }

    private String modelKey(EvaluationRequest request) {
        return request.generator() == null
                ? new ModelKey(request.artifactId(), request.decoding().mode()).toString()
                : new ServedModelKey(request.generator().openai()).text(codec);
    }

    private long generation(GenerationIdentity identity) {
        database.createNativeQuery(GENERATION)
                .setParameter(1, identity.key())
                .setParameter(2, codec.write(identity.parts()))
                .executeUpdate();
        return (Long) database.createNativeQuery("SELECT id FROM generation WHERE key = ?1", Long.class)
                .setParameter(1, identity.key())
                .getSingleResult();
    }
}
