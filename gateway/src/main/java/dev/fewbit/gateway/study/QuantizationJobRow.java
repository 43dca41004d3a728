package dev.fewbit.gateway.study;

import dev.fewbit.contracts.artifact.ArtifactProvenance;
import dev.fewbit.contracts.artifact.ArtifactSizes;
import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.contracts.recipe.Recipe;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** One checkpoint under one recipe of a study, or one served model: that has nothing to make and is done from the start. */
@Entity
@Table(name = "quantization_job")
class QuantizationJobRow {
    @Id
    UUID id;

    @Column(name = "study_id")
    UUID studyId;

    String team;
    /** Order in the study's grid. */
    int position;

    String model;
    String checkpoint;

    @Convert(converter = JsonColumn.OfRecipe.class)
    Recipe recipe;

    /** Of a served model, {@code null} of a checkpoint; the other way round with checkpoint and recipe. */
    @Convert(converter = JsonColumn.OfGenerator.class)
    GeneratorSpec generator;

    @Enumerated(EnumType.STRING)
    WorkState state;

    /** Of the result that ended it, {@code null} before. */
    Integer attempt;

    @Column(name = "artifact_id")
    String artifactId;

    @Convert(converter = JsonColumn.OfSizes.class)
    ArtifactSizes sizes;

    @Convert(converter = JsonColumn.OfProvenance.class)
    ArtifactProvenance provenance;

    double seconds;
    boolean reused;
    String failure;

    StudySnapshot.Job snapshot() {
        return new StudySnapshot.Job(
                id,
                model,
                checkpoint,
                recipe,
                generator,
                state,
                artifactId,
                sizes,
                provenance,
                seconds,
                reused,
                failure);
    }
}
