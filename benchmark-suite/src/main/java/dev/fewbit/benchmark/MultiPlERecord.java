package dev.fewbit.benchmark;

import java.util.Optional;
import java.util.Set;

/**
 * MultiPL-E's record: {@code name, language, prompt, tests, stop_tokens} are required, {@code doctests, original,
 * prompt_terminology} and any further field are allowed.
 *
 * @param language that a record must have
 * @param asker what asks for the language, as messages say it
 * @see <a href="https://huggingface.co/datasets/nuprl/MultiPL-E">nuprl/MultiPL-E</a>
 */
record MultiPlERecord(Language language, String asker) implements RecordFormat {
    private static final Set<String> TAKEN = Set.of("name", "language", "prompt", "tests", "stop_tokens");

    @Override
    public Problem problem(JsonRecord record) throws InvalidBenchmarkException {
        String name = record.name("name");
        String label = record.text("language");
        if (!language.isCalled(label)) {
            throw record.complaint("language is '" + label + "'; " + asker + " asks for " + language);
        }
        return new Problem(
                name,
                record.text("prompt"),
                record.texts("stop_tokens"),
                new Tests.Script(record.text("tests")),
                Optional.empty(),
                record.fieldsBut(TAKEN));
    }
}
