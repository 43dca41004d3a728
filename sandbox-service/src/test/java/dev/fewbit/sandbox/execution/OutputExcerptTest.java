package dev.fewbit.sandbox.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutputExcerptTest {
    @Test
    void shouldKeepAllWhenOutputIsShort() {
        assertThat(OutputExcerpt.of("abcdef".getBytes(StandardCharsets.UTF_8), 4, 2))
                .isEqualTo(new OutputExcerpt("abcdef", "", false));
    }

    @Test
    void shouldKeepHeadAndTailAndMarkTheCutWhenOutputIsLong() {
        assertThat(OutputExcerpt.of("abcdefg".getBytes(StandardCharsets.UTF_8), 4, 2))
                .isEqualTo(new OutputExcerpt("abcd", "fg", true));
    }

    @Test
    void shouldReplaceWhatIsNoUtf8WhenBytesAreBroken() {
        assertThat(OutputExcerpt.of(new byte[] {'a', (byte) 0xff}, 4, 2).head()).isEqualTo("a\ufffd");
    }
}
