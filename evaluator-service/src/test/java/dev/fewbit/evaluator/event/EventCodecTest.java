package dev.fewbit.evaluator.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.event.StudyCancelled;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventCodecTest {
    private static final String IDS =
            "\"eventId\":\"00000000-0000-0000-0000-000000000001\",\"studyId\":\"00000000-0000-0000-0000-000000000002\"";

    private final EventCodec codec = new EventCodec();

    @Test
    void shouldPassOverUnknownFieldsWhenReading() throws Exception {
        // When
        StudyCancelled event = codec.readEvent(
                "{\"schemaVersion\":1,\"team\":\"blue\",\"later\":true," + IDS + "}", StudyCancelled.class);

        // Then
        assertThat(event).isEqualTo(new StudyCancelled(1, new UUID(0, 1), "blue", new UUID(0, 2)));
    }

    @Test
    void shouldWriteDurationsAsIso8601WhenWritingLimits() {
        // When, Then
        assertThat(codec.write(ExecutionLimits.of(ProgramLanguage.PYTHON)))
                .isEqualTo("{\"cpuTime\":\"PT3S\",\"wallTime\":\"PT8S\",\"memoryBytes\":268435456,"
                        + "\"outputBytes\":262144,\"processes\":64}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json|not a StudyCancelled: ",
                "null|schemaVersion of StudyCancelled is missing; allowed: 1",
                "{\"schemaVersion\":2,\"team\":\"blue\",@}|schemaVersion of StudyCancelled is 2; allowed: 1",
                "{\"schemaVersion\":1,@}|not a StudyCancelled: Missing required creator property 'team'",
                "{\"schemaVersion\":1,\"team\":null,@}|team of StudyCancelled is null; a value is required",
            })
    void shouldRefuseWithOneLineWhenItIsNoSuchEvent(String text, String complaint) {
        // When, Then
        assertThatThrownBy(() -> codec.readEvent(text.replace("@", IDS), StudyCancelled.class))
                .isInstanceOf(UnreadableEventException.class)
                .message()
                .startsWith(complaint)
                .doesNotContain("\n");
    }
}
