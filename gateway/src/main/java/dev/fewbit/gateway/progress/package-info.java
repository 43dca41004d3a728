/**
 * How far studies have come. The services report absolute counts a subject and stage; the latest of each is kept in the
 * database, so that every gateway shows the same. {@link dev.fewbit.gateway.progress.ProgressSum} adds them up, and
 * {@link dev.fewbit.gateway.progress.StudyEvents} turns a study into a stream: one look a quarter of a second a study, however
 * many watch it.
 */
package dev.fewbit.gateway.progress;
