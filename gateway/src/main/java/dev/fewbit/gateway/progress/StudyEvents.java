package dev.fewbit.gateway.progress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.study.StudyView;
import dev.fewbit.gateway.GatewayConfig;
import dev.fewbit.objectstore.Digests;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A study as a stream of its changes. A change carries the whole view, so that a client that missed some has missed nothing:
 * its id is a digest of the view, and a client that comes back with the id of what still holds is not told again.
 */
@ApplicationScoped
public class StudyEvents {
    private static final int ID_LENGTH = 16;

    private final StudyViews views;
    private final ObjectMapper mapper;
    private final GatewayConfig.Events config;
    private final ConcurrentMap<Key, Multi<Signal.Change>> watched = new ConcurrentHashMap<>();

    StudyEvents(StudyViews views, ObjectMapper mapper, GatewayConfig config) {
        this.views = views;
        this.mapper = mapper;
        this.config = config.events();
    }

    /** What a watcher is told. */
    public sealed interface Signal {

        /**
         * The study has changed.
         *
         * @param id of its content
         * @param json a {@link StudyView}
         * @param isLast the study has ended: no other change follows
         */
        record Change(String id, String json, boolean isLast) implements Signal {}

        /** Nothing has changed for a while; the connection still holds. */
        record Heartbeat() implements Signal {}

        /** Nothing follows. Never leaves the stream: it ends there. */
        record End() implements Signal {}
    }

    /**
     * The study now and after each change, until it has ended.
     *
     * @param lastId of the last event the client saw, {@code null} when it saw none
     * @throws dev.fewbit.gateway.study.StudyNotFoundException when the team has no such study
     */
    public Multi<Signal> watch(String team, UUID id, String lastId) {
        Signal.Change now = change(views.of(team, id));
        if (now.isLast()) {
            return Multi.createFrom().item(now);
        }
        Multi<Signal.Change> later = shared(new Key(team, id)).onOverflow().dropPreviousItems();
        Multi<Signal> changes = Multi.createBy()
                .concatenating()
                .streams(Multi.createFrom().item(now), later)
                .skip()
                .repetitions()
                .select()
                .where(change -> change.isLast() || !change.id().equals(lastId))
                .onItem()
                .transformToMultiAndConcatenate(change -> change.isLast()
                        ? Multi.createFrom().items(change, new Signal.End())
                        : Multi.createFrom().item(change));
        Multi<Signal> heartbeats = Multi.createFrom()
                .ticks()
                .every(config.heartbeat())
                .onOverflow()
                .drop()
                .map(tick -> new Signal.Heartbeat());
        return Multi.createBy()
                .merging()
                .streams(changes, heartbeats)
                .select()
                .first(signal -> !(signal instanceof Signal.End));
    }

    /** One look an interval, shared by all who watch the study; it stops when the last of them leaves. */
    private Multi<Signal.Change> shared(Key key) {
        return watched.computeIfAbsent(
                key,
                k -> Multi.createFrom()
                        .ticks()
                        .every(config.interval())
                        .onOverflow()
                        .drop()
                        .onItem()
                        .transformToUniAndConcatenate(tick -> look(k))
                        .onTermination()
                        .invoke(() -> watched.remove(k))
                        .broadcast()
                        .withCancellationAfterLastSubscriberDeparture()
                        .toAllSubscribers());
    }

    private Uni<Signal.Change> look(Key key) {
        return Uni.createFrom()
                .item(() -> change(views.of(key.team(), key.study())))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private Signal.Change change(StudyView view) {
        try {
            String json = mapper.writeValueAsString(view);
            return new Signal.Change(
                    Digests.of(json).substring(0, ID_LENGTH), json, view.state().isFinal());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a study's view is plain JSON", e);
        }
    }

    private record Key(String team, UUID study) {}
}
