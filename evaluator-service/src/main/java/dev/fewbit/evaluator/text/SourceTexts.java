package dev.fewbit.evaluator.text;

import dev.fewbit.objectstore.Digests;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;

/** Texts in the database. They are bytes there, since a generated program may hold a NUL, which PostgreSQL's text does not. */
@ApplicationScoped
public class SourceTexts {
    private final EntityManager database;

    SourceTexts(EntityManager database) {
        this.database = database;
    }

    /** Keeps {@code text} in the caller's transaction and returns its SHA-256. */
    @Transactional(Transactional.TxType.MANDATORY)
    public String put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String digest = Digests.of(bytes);
        database.createNativeQuery("INSERT INTO source_text (digest, body) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
                .setParameter(1, digest)
                .setParameter(2, bytes)
                .executeUpdate();
        return digest;
    }

    /** The text of stored bytes. */
    public static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }
}
