package dev.fewbit.launcher.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.execution.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final Judged FIRST = new Judged("a", Verdict.PASSED, "", 0.5);
    private static final Judged SECOND = new Judged("b", Verdict.RAISED, "KeyError: 'x'", 0.25);

    @TempDir
    private Path folder;

    @Test
    void shouldKnowWhatAStoppedRunJudgedWhenItGoesOn() throws Exception {
        // Given
        Path out = folder.resolve("verdicts.jsonl");
        try (Journal stopped = new Journal(out)) {
            stopped.open();
            stopped.add(FIRST);
            stopped.add(SECOND);
        }
        Path part = folder.resolve("verdicts.jsonl.part");
        Files.writeString(part, Files.readString(part) + "{\"id\":\"c\",\"verd");

        // When
        try (Journal journal = new Journal(out)) {
            // Then: the line that was being written is not there
            assertThat(journal.open()).containsOnlyKeys("a", "b").containsValues(FIRST, SECOND);
            assertThat(out).doesNotExist();
        }
    }

    @Test
    void shouldLeaveTheVerdictsAloneWhenFinished() throws Exception {
        // Given
        Path out = folder.resolve("verdicts.jsonl");

        // When
        try (Journal journal = new Journal(out)) {
            journal.open();
            journal.add(FIRST);
            journal.finish(List.of(new VerdictLine("P/0", 0, Verdict.PASSED, true, "", 0.5, "a")), true);
        }

        // Then
        assertThat(out).content().isEqualTo("""
                {"problem":"P/0","index":0,"verdict":"passed","passed":true,"message":"","cpuSeconds":0.5,"execution":"a"}
                """);
        assertThat(folder).isDirectoryNotContaining(file -> !file.equals(out));
    }
}
