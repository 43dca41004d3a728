package dev.fewbit.evaluator.generation;

import dev.fewbit.contracts.evaluation.PromptStyle;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.evaluator.energy.ResourceMeter;
import dev.fewbit.evaluator.event.EventCodec;
import dev.fewbit.evaluator.sql.Rows;
import dev.fewbit.generation.CompletionGenerator;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** What is known of how an evaluation's samples were made, their identity's parts and the circumstances. */
@ApplicationScoped
public class GenerationRecords {
    private static final String MADE = """
            UPDATE generation SET made_with = ?2
            WHERE made_with IS NULL AND id = (SELECT generation_id FROM evaluation WHERE id = ?1)""";

    private static final String NOT_OURS = "not measured: a server generated";

    private static final String READ = """
            SELECT g.identity, g.made_with FROM generation g JOIN evaluation e ON e.generation_id = g.id
            WHERE e.id = ?1""";

    private final EntityManager database;
    private final EventCodec codec;
    private final ResourceMeter meter;
    private final EvaluatorConfig config;

    GenerationRecords(EntityManager database, EventCodec codec, ResourceMeter meter, EvaluatorConfig config) {
        this.database = database;
        this.codec = codec;
        this.meter = meter;
        this.config = config;
    }

    /**
     * Notes the circumstances of the generation's first sample. They are no part of its identity, but floating point may let the
     * number of slots or threads show, so a report names them.
     */
    @Transactional
    public void madeBy(UUID evaluationId, PromptStyle style, CompletionGenerator generator) {
        Map<String, String> made = new LinkedHashMap<>(generator.elsewhere());
        if (made.isEmpty()) {
            putOurs(made, style, generator);
        } else {
            made.put("energy.gpu", NOT_OURS);
            made.put("energy.cpu", NOT_OURS);
        }
        database.createNativeQuery(MADE)
                .setParameter(1, evaluationId)
                .setParameter(2, codec.write(made))
                .executeUpdate();
    }

    private void putOurs(Map<String, String> made, PromptStyle style, CompletionGenerator generator) {
        made.put("prompt.bos", bos(style, generator));
        made.put(
                "decoding.end_tokens",
                generator.endTokens().stream().map(String::valueOf).collect(Collectors.joining(",")));
        made.putAll(generator.circumstances());
        made.put("engine.threads", String.valueOf(config.engineThreads()));
        made.put("host", hostName());
        made.put("host.processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        made.put("host.os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        made.put("java", System.getProperty("java.vm.version"));
        made.putAll(meter.descriptions());
    }

    /** Identity and circumstances, by name, in the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Map<String, String> of(UUID evaluationId) {
        Object[] row =
                Rows.single(database.createNativeQuery(READ, Object[].class).setParameter(1, evaluationId));
        Map<String, String> facts = new LinkedHashMap<>();
        for (Object json : row) {
            if (json != null) {
                facts.putAll(codec.readTexts((String) json));
            }
        }
        return facts;
    }

    private static String bos(PromptStyle style, CompletionGenerator generator) {
        if (style == PromptStyle.CHAT) {
            return "as the chat template has it";
        }
        return generator.addsBos() ? "added by the tokenizer" : "none";
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
