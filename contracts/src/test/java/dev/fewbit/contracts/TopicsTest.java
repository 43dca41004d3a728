package dev.fewbit.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicsTest {

    @Test
    void shouldListEveryTopicOnceWhenAllAreAsked() {
        // Given: a topic added as a constant but not to the list would never be created
        List<String> constants = Arrays.stream(Topics.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .filter(field -> !field.getName().equals("DEAD_LETTER_SUFFIX"))
                .map(TopicsTest::value)
                .toList();
        // When // Then
        assertThat(Topics.all()).containsExactlyInAnyOrderElementsOf(constants).doesNotHaveDuplicates();
    }

    @Test
    void shouldAppendSuffixWhenDeadLetterTopicIsAsked() {
        assertThat(Topics.deadLetter(Topics.EXECUTION_REQUESTS)).isEqualTo("execution.requests.dead-letter");
    }

    private static String value(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
