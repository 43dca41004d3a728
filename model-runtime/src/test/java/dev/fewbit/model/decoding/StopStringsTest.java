package dev.fewbit.model.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopStringsTest {
    @Test
    void shouldFindAStopStringWhenItSpansTokens() {
        // Given
        StopStrings.Matcher matcher = new StopStrings(List.of("\n    }\n", "\ndef ")).matcher();

        // When, Then
        assertThat(matcher.append(bytes("return x;\n"))).isFalse();
        assertThat(matcher.append(bytes("   "))).isFalse();
        assertThat(matcher.append(bytes(" }"))).isFalse();
        assertThat(matcher.append(bytes("\n}"))).isTrue();
    }

    @Test
    void shouldFindAStopStringWhenItEndsInsideAToken() {
        assertThat(new StopStrings(List.of("\ndef ")).matcher().append(bytes("x\n\ndef f(")))
                .isTrue();
    }

    @Test
    void shouldFindAStopStringWhenACharacterIsSplitOverTokens() {
        // Given
        byte[] text = bytes("é∑");
        StopStrings.Matcher matcher = new StopStrings(List.of("∑")).matcher();

        // When, Then
        assertThat(matcher.append(Arrays.copyOfRange(text, 0, 3))).isFalse();
        assertThat(matcher.append(Arrays.copyOfRange(text, 3, 4))).isFalse();
        assertThat(matcher.append(Arrays.copyOfRange(text, 4, 5))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldAgreeWithSearchingTheTextWhenTextIsRandom(long seed) {
        // Given: few letters, so that stop strings overlap themselves and each other
        Random random = new Random(seed);
        for (int trial = 0; trial < 500; trial++) {
            List<String> stops = List.of(text(random, 1 + random.nextInt(5)), text(random, 1 + random.nextInt(5)));
            StopStrings.Matcher matcher = new StopStrings(stops).matcher();
            StringBuilder whole = new StringBuilder();
            boolean stopped = false;

            // When
            for (int token = 0; token < 12 && !stopped; token++) {
                String next = text(random, random.nextInt(4));
                whole.append(next);
                stopped = matcher.append(bytes(next));

                // Then
                assertThat(stopped)
                        .as("seed %d, stops %s in %s", seed, stops, whole)
                        .isEqualTo(stops.stream().anyMatch(stop -> whole.indexOf(stop) >= 0));
            }
        }
    }

    @Test
    void shouldRefuseAnEmptyStopString() {
        assertThatThrownBy(() -> new StopCondition(Set.of(), List.of("x", ""))).hasMessage("a stop string is empty");
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("ab\u00e9".charAt(random.nextInt(3)));
        }
        return text.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
