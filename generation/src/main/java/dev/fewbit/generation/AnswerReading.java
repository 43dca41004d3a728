package dev.fewbit.generation;

import dev.fewbit.benchmark.extraction.Cleaning;
import dev.fewbit.benchmark.extraction.StopRule;
import dev.fewbit.benchmark.harness.Answer;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.PromptStyle;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a generated text is. A completion goes on with the prompt, and ends at the benchmark's stop tokens or the specification's. In chat
 * it is a whole program in a fenced block, in which the benchmark's tokens, made for completions, mean nothing.
 *
 * @param stop where it ends
 * @param chat whether it is a chat's answer
 */
public record AnswerReading(StopRule stop, boolean chat) {

    /** How what {@code decoding} makes is read, on a benchmark with these stop tokens. */
    public static AnswerReading of(DecodingSpec decoding, List<String> benchmarkStops) {
        boolean chat = decoding.prompt() == PromptStyle.CHAT;
        List<String> own = decoding.stopStrings();
        return new AnswerReading(
                new StopRule(
                        chat
                                ? own
                                : Stream.concat(benchmarkStops.stream(), own.stream())
                                        .distinct()
                                        .toList()),
                chat);
    }

    /** What the model meant with {@code text}. */
    public Answer answer(String text) {
        String cut = stop.cut(text);
        return chat ? new Answer.Program(Cleaning.unfenced(cut)) : new Answer.Completion(cut);
    }
}
