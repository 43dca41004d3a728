package dev.fewbit.evaluator.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.evaluator.energy.ResourceUse;
import dev.fewbit.evaluator.generation.Samples.MissingSample;
import dev.fewbit.evaluator.generation.Samples.NewSample;
import dev.fewbit.evaluator.testing.Fixture;
import dev.fewbit.evaluator.testing.Quiet;
import dev.fewbit.evaluator.testing.Surroundings;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Quiet.class)
@WithTestResource(Surroundings.class)
class SamplesIT {
    private static final Duration LEASE = Duration.ofMinutes(5);

    @Inject
    Samples samples;

    @Inject
    WorkUnits units;

    @Inject
    Fixture fixture;

    @BeforeEach
    void clear() {
        fixture.clear();
    }

    @Test
    void shouldMissOnlyWhatIsNotStoredWhenAUnitIsTakenOver() {
        // Given a worker that stored two of four samples and died
        fixture.running(fixture.artifact("a"), 2, 2);
        UnitClaim first = claim();
        samples.store(first, List.of(sample("p0", 1, "x"), sample("p1", 0, "y")), ResourceUse.UNKNOWN);
        fixture.execute("UPDATE work_unit SET lease_until = now() - interval '1 second'");

        // When
        UnitClaim second = claim();

        // Then
        assertThat(samples.missing(second))
                .extracting(MissingSample::problem, MissingSample::index, MissingSample::prompt)
                .containsExactly(tuple("p0", 0, "def f0():\n"), tuple("p1", 1, "def f1():\n"));
        assertThatThrownBy(() -> samples.store(first, List.of(sample("p0", 0, "zombie")), ResourceUse.UNKNOWN))
                .isInstanceOf(FencedException.class);
        assertThat(fixture.value("SELECT count(*) FROM sample")).isEqualTo("2");
    }

    @Test
    void shouldKeepTheFirstWhenASampleIsStoredTwice() {
        // Given
        fixture.running(fixture.artifact("a"), 1, 1);
        UnitClaim claim = claim();

        // When
        samples.store(claim, List.of(sample("p0", 0, "first")), ResourceUse.UNKNOWN);
        samples.store(claim, List.of(sample("p0", 0, "second")), ResourceUse.UNKNOWN);

        // Then
        assertThat(fixture.value("SELECT count(*) FROM sample")).isEqualTo("1");
        assertThat(fixture.value("SELECT count(*) FROM judgement")).isEqualTo("1");
        assertThat(
                        fixture.value(
                                "SELECT convert_from(t.body, 'UTF8') FROM judgement j"
                                        + " JOIN execution x ON x.id = j.execution_id JOIN source_text t ON t.digest = x.program_digest"))
                .isEqualTo("first");
    }

    @Test
    void shouldAskOnceWhenProgramsAndTestsAreTheSame() {
        // Given two samples with one program, and the same program for another problem's tests
        fixture.running(fixture.artifact("a"), 2, 2);

        // When
        samples.store(
                claim(),
                List.of(sample("p0", 0, "same"), sample("p0", 1, "same"), sample("p1", 0, "same")),
                ResourceUse.UNKNOWN);

        // Then
        assertThat(fixture.value("SELECT count(*) FROM judgement")).isEqualTo("3");
        assertThat(fixture.value("SELECT count(*) FROM execution")).isEqualTo("2");
    }

    @Test
    void shouldTakeOverSamplesAndExecutionsWhenAnotherStudyAsksForTheSame() {
        // Given
        String artifact = fixture.artifact("a");
        fixture.running(artifact, 2, 2);
        samples.store(
                claim(),
                List.of(sample("p0", 0, "x"), sample("p0", 1, "y"), sample("p1", 0, "z")),
                ResourceUse.UNKNOWN);

        // When a later study wants three samples a problem
        EvaluationRequest later = fixture.running(artifact, 2, 3);
        UnitClaim claim = claim();
        assertThat(claim.evaluationId()).isEqualTo(later.evaluationId());
        samples.store(claim, List.of(), ResourceUse.UNKNOWN);

        // Then
        assertThat(samples.missing(claim))
                .extracting(MissingSample::problem, MissingSample::index)
                .containsExactly(tuple("p0", 2), tuple("p1", 1), tuple("p1", 2));
        assertThat(fixture.value("SELECT count(*) FROM judgement WHERE evaluation_id = ?1", later.evaluationId()))
                .isEqualTo("3");
        assertThat(fixture.value("SELECT count(*) FROM execution")).isEqualTo("3");
    }

    @Test
    void shouldStartAnewWhenTheArtifactDiffers() {
        // Given
        fixture.running(fixture.artifact("a"), 1, 1);
        samples.store(claim(), List.of(sample("p0", 0, "x")), ResourceUse.UNKNOWN);

        // When
        fixture.running(fixture.artifact("b"), 1, 1);

        // Then
        assertThat(samples.missing(claim())).hasSize(1);
    }

    @Test
    void shouldNotWaitForEachOtherWhenTwoWorkersStoreTheSameProgramsInOtherOrders() throws Exception {
        // Given: two widths of a model often write the same programs
        fixture.running(fixture.artifact("a"), 1, 150);
        fixture.running(fixture.artifact("b"), 1, 150);
        List<NewSample> programs = IntStream.range(0, 150)
                .mapToObj(i -> sample("p0", i, "program " + i))
                .toList();
        List<UnitClaim> claims = List.of(claim(), claim());
        CyclicBarrier start = new CyclicBarrier(2);

        // When
        try (ExecutorService workers = Executors.newFixedThreadPool(2)) {
            Future<?> first = workers.submit(() -> {
                start.await();
                samples.store(claims.get(0), programs, ResourceUse.UNKNOWN);
                return null;
            });
            Future<?> second = workers.submit(() -> {
                start.await();
                samples.store(claims.get(1), programs.reversed(), ResourceUse.UNKNOWN);
                return null;
            });
            first.get();
            second.get();
        }

        // Then
        assertThat(fixture.value("SELECT count(*) FROM sample")).isEqualTo("300");
        assertThat(fixture.value("SELECT count(*) FROM execution")).isEqualTo("150");
    }

    @Test
    void shouldKeepEveryByteWhenAProgramHoldsANul() {
        // Given
        fixture.running(fixture.artifact("a"), 1, 1);

        // When
        samples.store(claim(), List.of(sample("p0", 0, "a\0b")), ResourceUse.UNKNOWN);

        // Then
        assertThat(fixture.value(
                        "SELECT encode(t.body, 'hex') FROM sample s JOIN source_text t ON t.digest = s.program_digest"))
                .isEqualTo("610062");
    }

    private UnitClaim claim() {
        return units.claim("w", "", Duration.ZERO, LEASE).orElseThrow();
    }

    private static NewSample sample(String problem, int index, String program) {
        return new NewSample(problem, index, program, 5, "stop", 0.5, null, null);
    }
}
