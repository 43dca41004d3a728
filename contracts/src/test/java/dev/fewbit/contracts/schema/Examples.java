package dev.fewbit.contracts.schema;

import dev.fewbit.contracts.artifact.ArtifactManifest;
import dev.fewbit.contracts.artifact.ArtifactProvenance;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.artifact.BenchmarkOverlap;
import dev.fewbit.contracts.artifact.CalibrationProvenance;
import dev.fewbit.contracts.artifact.Fidelity;
import dev.fewbit.contracts.artifact.LayerError;
import dev.fewbit.contracts.artifact.TextFidelity;
import dev.fewbit.contracts.evaluation.BenchmarkSpec;
import dev.fewbit.contracts.evaluation.DecodingPreset;
import dev.fewbit.contracts.evaluation.DecodingSpec;
import dev.fewbit.contracts.evaluation.EvaluationSummary;
import dev.fewbit.contracts.evaluation.ExecutionMode;
import dev.fewbit.contracts.evaluation.GenerationCost;
import dev.fewbit.contracts.evaluation.ProblemChoice;
import dev.fewbit.contracts.evaluation.PromptStyle;
import dev.fewbit.contracts.evaluation.SampleView;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.contracts.event.EvaluationResult;
import dev.fewbit.contracts.event.ExecutionRequest;
import dev.fewbit.contracts.event.ExecutionResult;
import dev.fewbit.contracts.event.ProgressReport;
import dev.fewbit.contracts.event.QuantizationRequest;
import dev.fewbit.contracts.event.QuantizationResult;
import dev.fewbit.contracts.event.StudyCancelled;
import dev.fewbit.contracts.execution.Content;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.LanguageView;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.contracts.recipe.CalibrationSpec;
import dev.fewbit.contracts.recipe.Method;
import dev.fewbit.contracts.recipe.Recipe;
import dev.fewbit.contracts.recipe.StepsSpec;
import dev.fewbit.contracts.study.ModelSpec;
import dev.fewbit.contracts.study.PlannedCell;
import dev.fewbit.contracts.study.ReportCell;
import dev.fewbit.contracts.study.SampleLine;
import dev.fewbit.contracts.study.Stage;
import dev.fewbit.contracts.study.StageProgress;
import dev.fewbit.contracts.study.StudyPlan;
import dev.fewbit.contracts.study.StudyReport;
import dev.fewbit.contracts.study.StudySpec;
import dev.fewbit.contracts.study.StudyState;
import dev.fewbit.contracts.study.StudyView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Of every record that has a schema: one with all its components, and one without the optional ones where it has any. */
final class Examples {
    private static final UUID EVENT = UUID.fromString("0198a4c5-7d1e-7c3a-9b53-4b0a6f2d9e01");
    private static final UUID STUDY = UUID.fromString("0198a4c5-7d1e-7c3a-9b53-4b0a6f2d9e02");
    private static final UUID JOB = UUID.fromString("0198a4c5-7d1e-7c3a-9b53-4b0a6f2d9e03");
    private static final String DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final Instant AT = Instant.parse("2026-11-25T10:15:30.123456Z");
    private static final String TEAM = "default";

    private static final Recipe RECIPE = new Recipe(Method.RTN, 3, 128, true);
    private static final Recipe CALIBRATED_RECIPE = new Recipe(
            Method.GPTQ_PLUS,
            2,
            64,
            false,
            new CalibrationSpec(null, "texts/own.jsonl", 16, 256, 3L),
            new StepsSpec(false, true, false, true, 1, true, true));
    private static final ArtifactSizes SIZES =
            new ArtifactSizes(4_000_000_123L, 5_000_000_456L, "onnxruntime-1.29 cpu exact", 3_900_000_789L, 3L, 3.375);
    private static final ArtifactProvenance PROVENANCE = new ArtifactProvenance(
            DIGEST,
            "abc",
            new CalibrationProvenance(
                    "mixed",
                    128,
                    512,
                    3L,
                    1,
                    77,
                    "abc",
                    List.of(
                            new BenchmarkOverlap("mceval", DIGEST, 95, 1, 2, "own.jsonl:3 and Java-7: a b c"),
                            new BenchmarkOverlap("mbpp", DIGEST, 974, 0, 0, null))),
            Map.of("code", DIGEST),
            "0.1.0",
            "cpu",
            Map.of("jdk", "25.0.3"),
            "another-artifact");
    private static final ArtifactProvenance UNCALIBRATED =
            new ArtifactProvenance(DIGEST, null, "0.1.0", "cpu", Map.of("jdk", "25.0.3"));
    private static final GenerationCost COST = GenerationCost.of(
            1800.0, null, 600, 400.0, "grid.example, 2026", 1_000_000L, null, "GPU: NVML; processors: not measured");
    private static final EvaluationSummary SUMMARY = new EvaluationSummary(
            2,
            3,
            0.5,
            0.25,
            0.75,
            Map.of(Verdict.PASSED, 3, Verdict.ASSERTION_FAILED, 2, Verdict.TIMED_OUT, 1),
            12.5,
            600,
            5,
            false,
            COST,
            Map.of("engine", "onnxruntime 1.29"));
    private static final DecodingSpec DECODING = new DecodingSpec(0.8, 0.9, 40, 128, 7L, ExecutionMode.FAST);
    private static final DecodingSpec CHAT = new DecodingSpec(
            DecodingPreset.PAPER, null, null, null, null, null, List.of("```"), null, null, PromptStyle.CHAT, 20);
    private static final BenchmarkSpec BENCHMARK =
            new BenchmarkSpec("reference", ProgramLanguage.PYTHON, "b.jsonl", new ProblemChoice(150, "family", 1L));
    private static final BenchmarkSpec WHOLE_BENCHMARK =
            new BenchmarkSpec("reference", ProgramLanguage.JAVA, "b.jsonl", null);

    private static final GeneratorSpec GENERATOR = new GeneratorSpec(
            new OpenAiSpec("https://models.example:8000/v1", "m-q4_0", "FEWBIT_EVALUATOR_KEY_VLLM", 8, 60, false),
            4,
            4_000_000_123L,
            "GGUF Q4_0");
    private static final GeneratorSpec KEYLESS =
            new GeneratorSpec(new OpenAiSpec("http://127.0.0.1:8080", "m"), 16, 8_000_000_246L, null);

    private Examples() {}

    static List<Record> all() {
        return List.of(
                new QuantizationRequest(1, EVENT, TEAM, JOB, STUDY, "models/a", RECIPE),
                new QuantizationResult(1, EVENT, TEAM, JOB, STUDY, 2, DIGEST, SIZES, PROVENANCE, 3.5, true, null),
                new QuantizationResult(1, EVENT, TEAM, JOB, STUDY, 1, null, null, null, 0, false, "disk full"),
                new EvaluationRequest(1, EVENT, TEAM, JOB, STUDY, DIGEST, BENCHMARK, 3, DECODING),
                new EvaluationRequest(1, EVENT, TEAM, JOB, STUDY, DIGEST, WHOLE_BENCHMARK, 1, DecodingSpec.standard()),
                new EvaluationRequest(1, EVENT, TEAM, JOB, STUDY, DIGEST, WHOLE_BENCHMARK, 20, CHAT),
                new EvaluationRequest(1, EVENT, TEAM, JOB, STUDY, null, GENERATOR, BENCHMARK, 3, DECODING),
                new EvaluationResult(1, EVENT, TEAM, JOB, STUDY, SUMMARY, null),
                new EvaluationResult(1, EVENT, TEAM, JOB, STUDY, null, "the benchmark file is missing"),
                new ExecutionRequest(
                        1,
                        EVENT,
                        TEAM,
                        DIGEST,
                        1,
                        ProgramLanguage.JAVA,
                        new Content(DIGEST, 3, "abc"),
                        new Content(DIGEST, 40_000, null),
                        ExecutionLimits.of(ProgramLanguage.JAVA)),
                new ExecutionRequest(
                        1,
                        EVENT,
                        TEAM,
                        DIGEST,
                        2,
                        ProgramLanguage.PYTHON,
                        new Content(DIGEST, 3, "abc"),
                        null,
                        ExecutionLimits.of(ProgramLanguage.PYTHON)),
                executed(Verdict.RAISED, 1, null),
                executed(Verdict.MEMORY_EXCEEDED, null, 9),
                new StudyCancelled(1, EVENT, TEAM, STUDY),
                new ProgressReport(1, EVENT, TEAM, STUDY, JOB, Stage.EXECUTE, 5, 10, 4, AT),
                new ArtifactManifest(
                        1,
                        RECIPE,
                        "LlamaForCausalLM",
                        SIZES,
                        List.of(new LayerError("model.layers.0.mlp.up_proj.weight", 3, 0.0625)),
                        null,
                        Map.of("weights.bin", DIGEST),
                        UNCALIBRATED),
                new ArtifactManifest(
                        1,
                        CALIBRATED_RECIPE,
                        "LlamaForCausalLM",
                        SIZES,
                        List.of(),
                        new Fidelity(
                                new TextFidelity(2.5, 2.25, 0.125, 1.5, 0.875, 32_000),
                                new TextFidelity(8.5, 8.25, 0.25, 2.5, 0.75, 33_000)),
                        Map.of("weights.bin", DIGEST),
                        PROVENANCE),
                SUMMARY,
                new LanguageView(ProgramLanguage.PYTHON, true, "CPython 3.11.2", 1),
                new LanguageView(ProgramLanguage.JAVA, false, null, 1),
                Recipe.baseline(),
                RECIPE,
                CALIBRATED_RECIPE,
                new SampleLine("m", ProgramLanguage.JAVA, 2, "rtn", "c4", "p1", 0, "int x;", Verdict.COMPILE_FAILED),
                new SampleLine("m", ProgramLanguage.PYTHON, 16, "none", null, "p1", 2, "x = 1\n", null),
                new SampleView("p1", 0, "x = 1\n", Verdict.OUTPUT_EXCEEDED),
                new SampleView("p1", 1, "x = 2\n", null),
                new StudyPlan("A study", 2, List.of(planned(null), planned(150))),
                new StudyReport(
                        "A study",
                        "It loses.",
                        List.of(reported(null), reported("c4"), served()),
                        Map.of("samples", 3)),
                new StudySpec(
                        "A study",
                        List.of(new ModelSpec("m", "models/m")),
                        List.of(Recipe.baseline(), RECIPE),
                        List.of(BENCHMARK, WHOLE_BENCHMARK),
                        3,
                        DECODING),
                new StudySpec(
                        "A served study",
                        List.of(ModelSpec.of("m", GENERATOR), ModelSpec.of("m", KEYLESS)),
                        null,
                        List.of(BENCHMARK),
                        3,
                        DECODING),
                new StudyView(STUDY, TEAM, "A study", DIGEST, StudyState.FAILED, AT, AT, 10, 4, progress(), "no disk"),
                new StudyView(STUDY, TEAM, "A study", DIGEST, StudyState.RUNNING, AT, null, 10, 4, progress(), null));
    }

    private static ExecutionResult executed(Verdict verdict, Integer exitStatus, Integer signal) {
        return new ExecutionResult(
                1,
                EVENT,
                TEAM,
                DIGEST,
                1,
                verdict,
                exitStatus,
                signal,
                0.5,
                0.75,
                1 << 20,
                0,
                0.125,
                "bubblewrap+seccomp",
                "head",
                "tail",
                true,
                "CPython 3.11.2",
                1,
                "ValueError: x");
    }

    private static List<StageProgress> progress() {
        return List.of(
                new StageProgress(Stage.QUANTIZE, 1, 2, 4_000_000_000L), new StageProgress(Stage.GENERATE, 0, 0, 0));
    }

    private static PlannedCell planned(Integer problems) {
        return new PlannedCell("m", 4, "rtn", null, ProgramLanguage.JAVA, "reference", problems, 3);
    }

    private static ReportCell reported(String calibration) {
        return new ReportCell(
                "m",
                4,
                Method.RTN,
                calibration,
                ProgramLanguage.JAVA,
                "reference",
                150,
                3,
                0.5,
                0.25,
                0.75,
                4_000_000_123L,
                5_000_000_456L,
                3_900_000_789L,
                1.5,
                20.25,
                true,
                COST);
    }

    private static ReportCell served() {
        return new ReportCell(
                "m",
                4,
                GENERATOR.label(),
                null,
                ProgramLanguage.JAVA,
                "reference",
                150,
                3,
                0.5,
                0.25,
                0.75,
                4_000_000_123L,
                null,
                null,
                0,
                20.25,
                false,
                COST,
                true);
    }
}
