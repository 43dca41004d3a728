package dev.fewbit.contracts;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Keys that people write secrets under. A study has none: it is stored, sent around and printed in reports. */
public final class SecretKeys {
    private static final Set<String> NAMES = Set.of(
            "apikey",
            "key",
            "token",
            "accesstoken",
            "secret",
            "password",
            "authorization",
            "bearer",
            "credentials",
            "headers");

    private SecretKeys() {}

    /** Why {@code key} is refused, for a person; empty when it is not one of those. */
    public static Optional<String> refusal(String key) {
        return NAMES.contains(key.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""))
                ? Optional.of(
                        "a study is stored and shown in reports and holds no secret: put it into an environment variable"
                                + " of the evaluator service and name that in key_env")
                : Optional.empty();
    }
}
