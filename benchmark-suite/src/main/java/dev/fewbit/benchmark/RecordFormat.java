package dev.fewbit.benchmark;

/** A family's form of record. */
sealed interface RecordFormat permits MultiPlERecord, HumanEvalRecord, MbppRecord, EvalPlusRecord {

    /**
     * The problem that {@code record} holds.
     *
     * @throws InvalidBenchmarkException when a key is missing or holds what it must not
     */
    Problem problem(JsonRecord record) throws InvalidBenchmarkException;

    /** The form that files of {@code definition} have. */
    static RecordFormat of(BenchmarkDefinition definition) {
        return switch (definition.family()) {
            case REFERENCE, MULTIPL_E, MCEVAL -> new MultiPlERecord(definition.language(), definition.name());
            case HUMANEVAL -> new HumanEvalRecord();
            case MBPP -> new MbppRecord(false);
            case MBPP_SANITIZED -> new MbppRecord(true);
            case HUMANEVAL_PLUS -> new EvalPlusRecord("test", EvalPlusRecord.HUMANEVAL_STOPS);
            case MBPP_PLUS -> new EvalPlusRecord("assertion", EvalPlusRecord.MBPP_STOPS);
        };
    }
}
