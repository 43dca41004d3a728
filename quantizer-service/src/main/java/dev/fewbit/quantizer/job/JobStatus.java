package dev.fewbit.quantizer.job;

/** Where a job stands. The last three are final. */
enum JobStatus {
    WAITING,
    RUNNING,
    DONE,
    FAILED,
    CANCELLED
}
