package dev.fewbit.evaluator.sql;

import jakarta.persistence.Query;
import java.util.List;

/** Results of native queries with their types. */
public final class Rows {
    private Rows() {}

    /** Rows of a query that selects several columns and was created with {@code Object[].class}. */
    public static List<Object[]> list(Query query) {
        List<?> rows = query.getResultList();
        return rows.stream().map(Object[].class::cast).toList();
    }

    /** The only row of such a query. */
    public static Object[] single(Query query) {
        return (Object[]) query.getSingleResult();
    }

    /** Values of a query that selects one column of {@code type}. */
    public static <T> List<T> values(Query query, Class<T> type) {
        List<?> values = query.getResultList();
        return values.stream().map(type::cast).toList();
    }
}
