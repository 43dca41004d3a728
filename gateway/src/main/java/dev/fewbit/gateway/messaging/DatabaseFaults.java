package dev.fewbit.gateway.messaging;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

/** Tells a database that is away or busy from one that refuses what it was given. */
final class DatabaseFaults {
    /**
     * Classes of SQLSTATE that pass by themselves: connection, rollback (deadlock), resources, lock not available, operator
     * intervention. @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL's list</a>
     */
    private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57");

    private DatabaseFaults() {}

    static boolean isPassing(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientException || cause instanceof SQLRecoverableException) {
                return true;
            }
            if (cause instanceof SQLException sql) {
                // The pool's own "no connection in time" has no state.
                return sql.getSQLState() == null
                        || PASSING.contains(sql.getSQLState().substring(0, 2));
            }
        }
        return false;
    }
}
