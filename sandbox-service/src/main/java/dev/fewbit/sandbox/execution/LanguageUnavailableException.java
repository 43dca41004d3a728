package dev.fewbit.sandbox.execution;

import dev.fewbit.contracts.execution.ProgramLanguage;
import java.io.Serial;

/** A program's language is not installed here. */
public class LanguageUnavailableException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    public LanguageUnavailableException(ProgramLanguage language, String reason) {
        super(language + " programs cannot be executed here: " + reason);
    }
}
