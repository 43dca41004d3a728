package dev.fewbit.gateway.testing;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.Topics;
import dev.fewbit.contracts.event.EvaluationRequest;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.QuantizationRequest;
import dev.fewbit.contracts.study.StudyState;
import dev.fewbit.contracts.study.StudyView;
import io.restassured.specification.RequestSpecification;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/** A test's side of the gateway: a client of its API, and the other services on its channels. */
@ApplicationScoped
public class Conversation {
    public static final String STUDY = """
            name: A small study
            models:
              - {name: tiny, checkpoint: some/checkpoint}
            recipes:
              - {method: none, bits: 16}
              - {method: rtn, bits: 4}
            benchmarks:
              - {name: small, language: python, file: some/python.jsonl, choose: {problems: 10}}
              - {name: small, language: java, file: some/java.jsonl, choose: {problems: 10}}
            samples: 2
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final InMemoryConnector connector;
    private final ObjectMapper mapper;

    Conversation(@Connector("smallrye-in-memory") InMemoryConnector connector, ObjectMapper mapper) {
        this.connector = connector;
        this.mapper = mapper;
    }

    /** A request of a team. */
    public static RequestSpecification as(String team) {
        return given().header("Fewbit-Team", team);
    }

    /** A team that no other test has. */
    public static String newTeam() {
        return "team-" + UUID.randomUUID().toString().substring(0, 8);
    }

    public StudyView create(String team) {
        return create(team, STUDY);
    }

    public StudyView create(String team, String study) {
        return as(team).contentType("application/yaml")
                .body(study.getBytes(StandardCharsets.UTF_8))
                .post("/api/v1/studies")
                .then()
                .statusCode(201)
                .extract()
                .as(StudyView.class);
    }

    public StudyView get(String team, UUID id) {
        return as(team).get("/api/v1/studies/" + id)
                .then()
                .statusCode(200)
                .extract()
                .as(StudyView.class);
    }

    public StudyView awaitState(String team, UUID id, StudyState state) {
        return await(team, id, view -> view.state() == state);
    }

    public StudyView await(String team, UUID id, Predicate<StudyView> condition) {
        return Awaitility.await().atMost(PATIENCE).until(() -> get(team, id), condition);
    }

    public List<QuantizationRequest> quantizationRequests(UUID study, int count) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> said(Topics.QUANTIZATION_REQUESTS, QuantizationRequest.class).stream()
                                .filter(request -> request.studyId().equals(study))
                                .toList(),
                        requests -> requests.size() >= count);
    }

    public List<EvaluationRequest> evaluationRequests(UUID study, int count) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> said(Topics.EVALUATION_REQUESTS, EvaluationRequest.class).stream()
                                .filter(request -> request.studyId().equals(study))
                                .toList(),
                        requests -> requests.size() >= count);
    }

    /** All records of a topic so far, in order. */
    public <E extends Event> List<E> said(String topic, Class<E> type) {
        return connector.<String>sink("outbox").received().stream()
                .filter(message -> address(message).getTopic().equals(topic))
                .map(message -> read(message.getPayload(), type))
                .toList();
    }

    /** Keys of the records of a topic so far, in order. */
    public List<Object> keys(String topic) {
        return connector.<String>sink("outbox").received().stream()
                .map(Conversation::address)
                .filter(address -> address.getTopic().equals(topic))
                .map(address -> (Object) address.getKey())
                .toList();
    }

    public void say(String channel, Event event) {
        try {
            connector.source(channel).send(mapper.writeValueAsString(event));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends what may be no event at all. */
    public void say(String channel, Message<String> message) {
        connector.<Message<String>>source(channel).send(message);
    }

    private static OutgoingKafkaRecordMetadata<?> address(Message<?> message) {
        return message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow();
    }

    private <E> E read(String json, Class<E> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
