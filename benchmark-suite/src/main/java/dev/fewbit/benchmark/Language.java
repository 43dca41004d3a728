package dev.fewbit.benchmark;

import dev.fewbit.contracts.execution.ProgramLanguage;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A language that a benchmark is written in. Which of them can be executed is the sandbox's to say: {@link #executable()}.
 *
 * @see <a href="https://github.com/nuprl/MultiPL-E">MultiPL-E</a>, whose files and records have short names of their own
 */
public enum Language {
    BASH("sh"),
    CPP("cpp"),
    CSHARP("cs"),
    D("d"),
    ELIXIR("elixir"),
    GO("go", "go_test.go"),
    HASKELL("hs"),
    JAVA("java"),
    JAVASCRIPT("js"),
    JULIA("jl"),
    LUA("lua"),
    OCAML("ml"),
    PERL("pl"),
    PHP("php"),
    PYTHON("py", "py", "python"),
    R("r"),
    RACKET("rkt"),
    RUBY("rb"),
    RUST("rs"),
    SCALA("scala"),
    SWIFT("swift"),
    TYPESCRIPT("ts");

    private final String fileKey;
    private final Set<String> recordLabels;

    Language(String fileKey, String... recordLabels) {
        this.fileKey = fileKey;
        this.recordLabels = recordLabels.length == 0 ? Set.of(fileKey) : Set.of(recordLabels);
    }

    /** The language that programs of {@code language} are in. */
    public static Language of(ProgramLanguage language) {
        return valueOf(language.name());
    }

    /** Its full name in small letters: {@code cpp}, {@code csharp}, {@code javascript}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same language as the sandbox calls it; empty when the sandbox knows none such. */
    public Optional<ProgramLanguage> executable() {
        return Arrays.stream(ProgramLanguage.values())
                .filter(language -> language.name().equals(name()))
                .findFirst();
    }

    /** What names of MultiPL-E's files have: {@code js}, {@code sh}. */
    String fileKey() {
        return fileKey;
    }

    /** Whether a record of MultiPL-E's form says {@code label} for this language. */
    public boolean isCalled(String label) {
        return recordLabels.contains(label);
    }

    @Override
    public String toString() {
        return label();
    }
}
