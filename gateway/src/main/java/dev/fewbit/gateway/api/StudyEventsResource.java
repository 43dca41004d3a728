package dev.fewbit.gateway.api;

import dev.fewbit.contracts.study.StudyView;
import dev.fewbit.gateway.progress.StudyEvents;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** A study as server-sent events. */
@Path("/api/v1/studies/{id}/events")
@Tag(name = "studies")
public class StudyEventsResource {
    private final StudyEvents events;
    private final Team team;

    StudyEventsResource(StudyEvents events, Team team) {
        this.events = events;
        this.team = team;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Blocking
    @Operation(
            summary = "Watch a study: a StudyView now and after each change, at most four a second",
            description = "The stream ends after the event with a final state. Each event is the whole view, so that a "
                    + "client that comes back with Last-Event-ID misses nothing.")
    @APIResponse(
            responseCode = "200",
            description = "The stream",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = StudyView.class)))
    @APIResponse(
            responseCode = "404",
            description = "The team has no such study",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Multi<OutboundSseEvent> watch(@RestPath UUID id, @HeaderParam("Last-Event-ID") String lastEventId, Sse sse) {
        return events.watch(team.name(), id, lastEventId).map(signal -> event(signal, sse));
    }

    private static OutboundSseEvent event(StudyEvents.Signal signal, Sse sse) {
        return switch (signal) {
            case StudyEvents.Signal.Change change ->
                sse.newEventBuilder()
                        .id(change.id())
                        .data(String.class, change.json())
                        .build();
            case StudyEvents.Signal.Heartbeat _ ->
                sse.newEventBuilder().comment("still here").build();
            case StudyEvents.Signal.End _ -> throw new IllegalStateException("the stream ends before its end mark");
        };
    }
}
