package dev.fewbit.contracts.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.contracts.PlainText;
import dev.fewbit.contracts.execution.ProgramLanguage;
import java.util.Arrays;
import java.util.List;

/**
 * A benchmark in one language, or a choice of its problems.
 *
 * @param name how reports call it; without a file, the name of a known benchmark such as {@code humaneval} or {@code multipl-e-mbpp-java}
 * @param language the language of its programs; without a file it is said by the name
 * @param file JSONL of MultiPL-E's records; a relative path starts at the installation's root. {@code null}: the known benchmark's
 *     file in the data folder
 * @param choose which problems; {@code null} means all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BenchmarkSpec(
        @JsonProperty(value = "name", required = true) String name,
        @JsonProperty("language") ProgramLanguage language,
        @JsonProperty("file") String file,
        @JsonProperty("choose") ProblemChoice choose) {
    private static final List<String> SEVERAL_LANGUAGES = List.of("multipl-e-", "mceval-", "reference-");

    public BenchmarkSpec {
        PlainText.require("name", name, "a name for the benchmark");
        if (file == null) {
            ProgramLanguage said = languageOf(name);
            if (language != null && language != said) {
                throw new InvalidSpecException("language", language, said + ", as benchmark " + name + " is in it");
            }
            language = said;
        } else {
            PlainText.require("file", file, "the path of a JSONL file");
        }
        if (language == null) {
            throw new InvalidSpecException("language", null, "python or java");
        }
    }

    /** Known benchmarks that come in several languages end in theirs; the others are in Python. */
    private static ProgramLanguage languageOf(String name) {
        if (SEVERAL_LANGUAGES.stream().noneMatch(name::startsWith)) {
            return ProgramLanguage.PYTHON;
        }
        String last = name.substring(name.lastIndexOf('-') + 1);
        return Arrays.stream(ProgramLanguage.values())
                .filter(language -> language.label().equals(last))
                .findFirst()
                .orElseThrow(() -> new InvalidSpecException(
                        "name", name, "one that ends in a language that can be executed: " + executable()));
    }

    private static String executable() {
        return String.join(
                ", ",
                Arrays.stream(ProgramLanguage.values())
                        .map(ProgramLanguage::label)
                        .toList());
    }
}
