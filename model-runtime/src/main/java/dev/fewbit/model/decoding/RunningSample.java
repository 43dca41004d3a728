package dev.fewbit.model.decoding;

import dev.fewbit.model.session.Candidates;
import java.util.Arrays;
import java.util.Optional;

/** A sample being drawn: the tokens it has so far, and what it needs to go on. */
final class RunningSample {
    private final Prompt prompt;
    private final int index;
    private final Rules rules;
    private final SampleRandom random;
    private final StopStrings.Matcher stops;
    private int[] tokens = new int[64];
    private int count;

    /** What holds for all samples of a generation. */
    record Rules(
            DecodingParameters parameters,
            TokenSampler sampler,
            StopCondition stop,
            StopStrings stopStrings,
            TokenBytes tokenBytes,
            int maxLength) {}

    RunningSample(Prompt prompt, int index, Rules rules) {
        this.prompt = prompt;
        this.index = index;
        this.rules = rules;
        random = new SampleRandom(rules.parameters().seed(), prompt.problem(), index);
        stops = rules.stopStrings().matcher();
    }

    Prompt prompt() {
        return prompt;
    }

    /** The token that was drawn last. */
    int lastToken() {
        return tokens[count - 1];
    }

    /** Tokens in the cache: all but the one drawn last. */
    int cachedLength() {
        return prompt.tokens().length + count - 1;
    }

    /** Draws the next token; a completion comes back when it was the last. */
    Optional<Completion> draw(Candidates candidates) {
        int token = rules.sampler().sample(candidates, random.next());
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
        }
        tokens[count++] = token;
        return reasonToEnd(token)
                .map(reason -> new Completion(prompt.problem(), index, Arrays.copyOf(tokens, count), reason));
    }

    private Optional<FinishReason> reasonToEnd(int token) {
        if (rules.stop().endTokens().contains(token)) {
            return Optional.of(FinishReason.END_TOKEN);
        }
        if (stops.append(rules.tokenBytes().of(token))) {
            return Optional.of(FinishReason.STOP_STRING);
        }
        if (count == rules.parameters().maxNewTokens().orElse(-1)) {
            return Optional.of(FinishReason.MAX_NEW_TOKENS);
        }
        if (prompt.tokens().length + count >= rules.maxLength()) {
            return Optional.of(FinishReason.MAX_LENGTH);
        }
        return Optional.empty();
    }
}
