package dev.fewbit.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.evaluation.ProblemChoice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StratifiedChoiceTest {
    /** 47, 16, 16, 21 of 100. */
    private static final List<Problem> PROBLEMS = Stream.of(
                    stratum("a", 47), stratum("b", 16), stratum("c", 16), stratum("d", 21))
            .flatMap(List::stream)
            .toList();

    @Test
    void shouldGiveSharesByLargestRemaindersWhenTheyAreNotWhole() throws Exception {
        // When: quotas of 10 seats are 4.7, 1.6, 1.6, 2.1, whole parts 4, 1, 1, 2; the two left go to a, then b before
        // c
        List<Problem> chosen = choose(PROBLEMS, 10, 0);

        // Then
        assertThat(sizes(chosen)).isEqualTo(Map.of("a", 5L, "b", 2L, "c", 1L, "d", 2L));
    }

    @Test
    void shouldChooseTheSameWhenTheFilesOrderChanges() throws Exception {
        // Given
        List<Problem> shuffled = new ArrayList<>(PROBLEMS);
        Collections.shuffle(shuffled, new Random(3));

        // When, Then
        assertThat(choose(shuffled, 30, 5)).isEqualTo(choose(PROBLEMS, 30, 5));
    }

    @Test
    void shouldDrawOthersWhenTheSeedChanges() throws Exception {
        // When, Then
        assertThat(choose(PROBLEMS, 30, 5)).isNotEqualTo(choose(PROBLEMS, 30, 6));
    }

    @Test
    void shouldTakeAllByNameWhenThereIsNoChoiceOrEverythingIsWanted() throws Exception {
        // When
        List<Problem> all = StratifiedChoice.choose(PROBLEMS.reversed(), null, "file");

        // Then
        assertThat(all).isEqualTo(PROBLEMS);
        assertThat(choose(PROBLEMS, 100, 0)).isEqualTo(PROBLEMS);
    }

    @Test
    void shouldSayWhatIsAllowedWhenTooManyAreWantedOrAStratumIsMissing() {
        // When, Then
        assertThatThrownBy(() -> choose(PROBLEMS, 101, 0))
                .isInstanceOf(InvalidBenchmarkException.class)
                .hasMessage("file: choose.problems is 101; allowed: 1 to 100");
        assertThatThrownBy(() -> StratifiedChoice.choose(PROBLEMS, new ProblemChoice(5, "family", null), "file"))
                .isInstanceOf(InvalidBenchmarkException.class)
                .hasMessage("file: problem 'a00' has no key 'family', which choose.stratum names");
    }

    private static List<Problem> choose(List<Problem> problems, int wanted, long seed)
            throws InvalidBenchmarkException {
        return StratifiedChoice.choose(problems, new ProblemChoice(wanted, null, seed), "file");
    }

    private static Map<String, Long> sizes(List<Problem> problems) {
        return problems.stream().collect(Collectors.groupingBy(p -> p.fields().get("stratum"), Collectors.counting()));
    }

    private static List<Problem> stratum(String name, int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> new Problem(
                        "%s%02d".formatted(name, i),
                        "prompt",
                        List.of(),
                        new Tests.Script("tests"),
                        Optional.empty(),
                        Map.of("stratum", name)))
                .toList();
    }
}
