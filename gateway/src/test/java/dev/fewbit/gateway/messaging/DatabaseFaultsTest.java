package dev.fewbit.gateway.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;

class DatabaseFaultsTest {

    @Test
    void shouldTryAgainWhenTheDatabaseIsAwayOrBusy() {
        assertThat(DatabaseFaults.isPassing(new IllegalStateException(new SQLException("gone", "08006"))))
                .isTrue();
        assertThat(DatabaseFaults.isPassing(new IllegalStateException(new SQLException("deadlock", "40P01"))))
                .isTrue();
        assertThat(DatabaseFaults.isPassing(new IllegalStateException(new SQLException("shutting down", "57P01"))))
                .isTrue();
        assertThat(DatabaseFaults.isPassing(new SQLException("no connection in time")))
                .isTrue();
        assertThat(DatabaseFaults.isPassing(new SQLTransientConnectionException()))
                .isTrue();
    }

    @Test
    void shouldNotTryAgainWhatTheDatabaseOrTheCodeRefuses() {
        assertThat(DatabaseFaults.isPassing(new IllegalStateException(new SQLException("not null", "23502"))))
                .isFalse();
        assertThat(DatabaseFaults.isPassing(new IllegalStateException("a fault of ours")))
                .isFalse();
    }
}
