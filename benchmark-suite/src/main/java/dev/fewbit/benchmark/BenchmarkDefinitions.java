package dev.fewbit.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** All benchmarks that have a name. */
public final class BenchmarkDefinitions {
    private static final String GITHUB = "https://github.com/";
    private static final String MULTIPL_E_REVISION = "19a25675e6df678945a6e3da0dca9473265b0055";
    private static final String MCEVAL_REVISION = "27a262048888e5919b1295d7ad8757796712500d";
    private static final int FARTHEST_SUGGESTION = 4;
    private static final List<BenchmarkDefinition> ALL = all();

    private BenchmarkDefinitions() {}

    /** All, those of the reference model first, then by name. */
    public static List<BenchmarkDefinition> list() {
        return ALL;
    }

    /** The benchmark of this very name. */
    public static Optional<BenchmarkDefinition> find(String name) {
        return ALL.stream().filter(definition -> definition.name().equals(name)).findFirst();
    }

    /** {@code "; did you mean …?"} where a name is like {@code name}, otherwise nothing. */
    static String nearest(String name) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        String wanted = name.toLowerCase(Locale.ROOT);
        return ALL.stream()
                .map(BenchmarkDefinition::name)
                .min(Comparator.comparing(known -> distance.apply(wanted, known)))
                .filter(known -> distance.apply(wanted, known) <= FARTHEST_SUGGESTION)
                .map(known -> "; did you mean " + known + "?")
                .orElse("");
    }

    private static List<BenchmarkDefinition> all() {
        List<BenchmarkDefinition> known = new ArrayList<>();
        known.add(python(
                "humaneval",
                BenchmarkFamily.HUMANEVAL,
                "MIT",
                "humaneval/HumanEval.jsonl.gz",
                "openai/human-eval/raw/6d43fb980f9fee3c892a914eda09951f772ad10d/data/HumanEval.jsonl.gz",
                "6d43fb980f9fee3c892a914eda09951f772ad10d"));
        known.add(python(
                "humanevalplus",
                BenchmarkFamily.HUMANEVAL_PLUS,
                "Apache-2.0",
                "humanevalplus/HumanEvalPlus.jsonl.gz",
                "evalplus/humanevalplus_release/releases/download/v0.1.10/HumanEvalPlus.jsonl.gz",
                "v0.1.10"));
        known.add(python(
                "mbpp",
                BenchmarkFamily.MBPP,
                "CC-BY-4.0",
                "mbpp/mbpp.jsonl",
                "google-research/google-research/tree/master/mbpp",
                "as in OckBench/OckBench"));
        known.add(python(
                "mbpp-sanitized",
                BenchmarkFamily.MBPP_SANITIZED,
                "CC-BY-4.0",
                "mbpp/sanitized-mbpp.json",
                "nuprl/MultiPL-E/raw/" + MULTIPL_E_REVISION + "/datasets/sanitized-mbpp.json",
                MULTIPL_E_REVISION));
        known.add(python(
                "mbppplus",
                BenchmarkFamily.MBPP_PLUS,
                "Apache-2.0",
                "mbppplus/MbppPlus.jsonl.gz",
                "evalplus/mbppplus_release/releases/download/v0.2.0/MbppPlus.jsonl.gz",
                "v0.2.0"));
        known.add(mcEval(Language.JAVA));
        known.add(mcEval(Language.PYTHON));
        for (Language language : Language.values()) {
            known.add(multiPlE("humaneval", language));
            known.add(multiPlE("mbpp", language));
        }
        known.sort(Comparator.comparing(BenchmarkDefinition::name));
        known.addFirst(reference(Language.JAVA));
        known.addFirst(reference(Language.PYTHON));
        return List.copyOf(known);
    }

    private static BenchmarkDefinition python(
            String name, BenchmarkFamily family, String licence, String file, String origin, String revision) {
        return new BenchmarkDefinition(
                name, family, Language.PYTHON, licence, Path.of(file), GITHUB + origin, revision);
    }

    private static BenchmarkDefinition mcEval(Language language) {
        String file = "mceval_" + language.fileKey() + ".jsonl";
        return new BenchmarkDefinition(
                "mceval-" + language.label(),
                BenchmarkFamily.MCEVAL,
                language,
                "CC-BY-SA-4.0",
                Path.of("mceval", file),
                GITHUB + "Devy99/lowbit-quantization/raw/" + MCEVAL_REVISION + "/4-run-benchmarks/mceval/" + file,
                MCEVAL_REVISION);
    }

    /** The study's setting of MultiPL-E: doctests transformed, terminology reworded. */
    private static BenchmarkDefinition multiPlE(String source, Language language) {
        String file = source + "-" + language.fileKey() + "-reworded.jsonl";
        return new BenchmarkDefinition(
                "multipl-e-" + source + "-" + language.label(),
                BenchmarkFamily.MULTIPL_E,
                language,
                "BSD-3-Clause, not for training",
                Path.of("multipl-e", "prompts", file),
                GITHUB + "nuprl/MultiPL-E/raw/" + MULTIPL_E_REVISION + "/prompts/" + file,
                MULTIPL_E_REVISION);
    }

    private static BenchmarkDefinition reference(Language language) {
        return new BenchmarkDefinition(
                "reference-" + language.label(),
                BenchmarkFamily.REFERENCE,
                language,
                "this repository's",
                Path.of("reference-model", "benchmark", language.label() + ".jsonl"),
                "this repository",
                "this repository's");
    }
}
