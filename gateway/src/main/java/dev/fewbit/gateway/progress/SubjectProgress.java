package dev.fewbit.gateway.progress;

import dev.fewbit.contracts.study.Stage;
import java.util.UUID;

/**
 * The latest report of a job or evaluation on one stage.
 *
 * @param subjectId the job or evaluation
 * @param done units finished
 * @param total units planned
 * @param amount weights rounded, tokens generated or programs executed
 */
public record SubjectProgress(UUID subjectId, Stage stage, long done, long total, long amount) {}
