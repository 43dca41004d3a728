package dev.fewbit.evaluator.generation;

import dev.fewbit.generation.GenerationIdentity;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** A sample's identity: generation (a row of {@link GenerationIdentity}), problem, index. */
@Embeddable
record SampleId(
        @Column(name = "generation_id") long generationId,
        String problem,
        @Column(name = "idx") int index) implements Serializable {}
