package dev.fewbit.launcher.replay;

import dev.fewbit.benchmark.Problem;
import dev.fewbit.benchmark.Tests;
import dev.fewbit.benchmark.extraction.Cleaning;
import dev.fewbit.benchmark.extraction.StopRule;
import dev.fewbit.benchmark.harness.Answer;
import dev.fewbit.benchmark.harness.Harness;
import dev.fewbit.benchmark.harness.JudgingSpec;
import dev.fewbit.benchmark.sample.Sample;
import dev.fewbit.objectstore.Digests;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts programs together. A problem's tests are made once. */
final class Trials {
    private final Harness harness;
    private final JudgingSpec judging;
    private final boolean cut;
    private final List<Cleaning> cleanings;
    private final Map<Problem, Text> tests = new HashMap<>();

    private record Text(String text, String digest) {}

    /** @param cut whether completions are cut at the benchmark's stop tokens */
    Trials(Harness harness, JudgingSpec judging, boolean cut, List<Cleaning> cleanings) {
        this.harness = harness;
        this.judging = judging;
        this.cut = cut;
        this.cleanings = List.copyOf(cleanings);
    }

    Trial of(Sample sample) {
        Problem problem = sample.problem();
        Answer answer = sample.answer();
        for (Cleaning cleaning : cleanings) {
            answer = cleaning.clean(answer, place(problem));
        }
        if (cut && answer instanceof Answer.Completion completion) {
            answer = new Answer.Completion(new StopRule(problem.stopTokens()).cut(completion.text()));
        }
        String program = harness.program(problem, answer);
        Text judge = tests.computeIfAbsent(problem, this::tests);
        return new Trial(
                judging.executionId(Digests.of(program), judge.digest()), problem.name(), program, judge.text());
    }

    private Cleaning.Place place(Problem problem) {
        String after = problem.tests() instanceof Tests.Script script ? script.text() : "";
        return new Cleaning.Place(judging.language(), problem.prompt(), after);
    }

    private Text tests(Problem problem) {
        String text = harness.tests(problem);
        return new Text(text, Digests.of(text));
    }
}
