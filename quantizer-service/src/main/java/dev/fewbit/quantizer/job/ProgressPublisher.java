package dev.fewbit.quantizer.job;

import dev.fewbit.contracts.event.ProgressReport;

/** Where reports of a running job go. A lost report does no harm: counts are absolute. */
public interface ProgressPublisher {
    void publish(ProgressReport report);
}
