package dev.fewbit.evaluator.openai;

import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.generation.UnusableModelException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The key of a server. It is sent to the server and shown to nobody. */
final class ServerKey {
    private static final String MASK = "***";
    private static final int FIRST_PRINTABLE = 0x21;
    private static final int LAST_PRINTABLE = 0x7E;
    private static final int LONGEST_LINE = 300;

    private final String key;

    private ServerKey(String key) {
        this.key = key;
    }

    /**
     * Looks the key up.
     *
     * @param environment value of a variable by name, {@code null} where there is none
     * @throws UnusableModelException when the variable that the study names is missing or holds no key
     */
    static ServerKey of(OpenAiSpec server, UnaryOperator<String> environment) {
        if (server.keyEnv() == null) {
            return new ServerKey("");
        }
        String value = environment.apply(server.keyEnv());
        if (value == null || value.isBlank()) {
            throw new UnusableModelException("key_env is " + server.keyEnv()
                    + ", which the evaluator service's environment does not have; allowed: a variable that is set where Fewbit is"
                    + " started");
        }
        String key = value.strip();
        if (key.chars().anyMatch(c -> c < FIRST_PRINTABLE || c > LAST_PRINTABLE)) {
            throw new UnusableModelException("the environment variable " + server.keyEnv()
                    + " holds what is no key (not shown); allowed: printable ASCII characters without blanks");
        }
        return new ServerKey(key);
    }

    /** The value of the Authorization header, where a key is sent. */
    Optional<String> authorization() {
        return key.isEmpty() ? Optional.empty() : Optional.of("Bearer " + key);
    }

    /** {@code text} as one line of bounded length in which the key does not occur. */
    String masked(String text) {
        String line = (key.isEmpty() ? text : text.replace(key, MASK))
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }

    @Override
    public String toString() {
        return key.isEmpty() ? "no key" : MASK;
    }
}
