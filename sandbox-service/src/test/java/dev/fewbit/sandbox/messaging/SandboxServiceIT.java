package dev.fewbit.sandbox.messaging;

import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fewbit.contracts.Topics;
import dev.fewbit.contracts.event.Event;
import dev.fewbit.contracts.event.ExecutionRequest;
import dev.fewbit.contracts.event.ExecutionResult;
import dev.fewbit.contracts.execution.Content;
import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.objectstore.ContentStore;
import dev.fewbit.objectstore.DirectoryBlobStore;
import dev.fewbit.sandbox.SandboxConfig;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service on a real broker, with real jails. */
@QuarkusTest
@QuarkusTestResource(EmbeddedBroker.class)
class SandboxServiceIT {
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @Inject
    ObjectMapper mapper;

    @Inject
    SandboxConfig config;

    @BeforeEach
    void waitUntilReady() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> when().get("/q/health/ready").then().statusCode(200));
    }

    @Test
    void shouldSayWhatItIsWhenAskedOverHttp() {
        when().get("/api/v1/languages")
                .then()
                .statusCode(200)
                .body("language", hasItems("python", "java"))
                .body("available", hasItems(true))
                .body(
                        "find { it.language == 'java' }.toolchain",
                        equalTo("OpenJDK " + Runtime.version().toString().replaceAll("[+-].*", "")));
        when().get("/q/health/ready")
                .then()
                .body("checks.find { it.name == 'sandbox' }.data.isolation", startsWith("bubblewrap+seccomp+"));
        when().get("/api/v1/nothing")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("status", equalTo(404));
    }

    @Test
    void shouldAnswerEveryRequestOnceAndKeepWhatCannotBeReadWhenRecordsCome() throws Exception {
        // Given
        String padding = "#" + "x".repeat(Content.LARGEST_INLINE) + "\n";
        Map<String, Verdict> expected = new HashMap<>();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(Topics.EXECUTION_REQUESTS, "bad", "{\"not\": \"a request\"}"));
            for (int i = 0; i < 8; i++) {
                String right = "def f(): return " + i + "\n";
                expected.put("right-" + i, Verdict.PASSED);
                send(producer, "right-" + i, i == 0 ? padding + right : right, "assert f() == " + i);
                expected.put("wrong-" + i, Verdict.ASSERTION_FAILED);
                send(producer, "wrong-" + i, right, "assert f() == " + (i + 1));
            }
        }

        // When
        Map<String, Verdict> seen = new HashMap<>();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.subscribe(List.of(Topics.EXECUTION_RESULTS));
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    ExecutionResult result = mapper.readValue(record.value(), ExecutionResult.class);
                    assertThat(record.key()).isEqualTo(result.executionId());
                    assertThat(seen.put(result.executionId(), result.verdict())).isNull();
                }
                return seen.size() == expected.size();
            });
        }

        // Then
        assertThat(seen).isEqualTo(expected);
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.subscribe(List.of(Topics.deadLetter(Topics.EXECUTION_REQUESTS)));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                List<String> dead = new ArrayList<>();
                consumer.poll(Duration.ofMillis(200)).forEach(record -> dead.add(record.value()));
                assertThat(dead).containsExactly("{\"not\": \"a request\"}");
            });
        }
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker,
                        "group.id",
                        UUID.randomUUID().toString(),
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private void send(KafkaProducer<String, String> producer, String id, String program, String tests)
            throws IOException {
        ContentStore contents = new ContentStore(new DirectoryBlobStore(config.store()));
        ExecutionRequest request = new ExecutionRequest(
                Event.SCHEMA_VERSION,
                UUID.randomUUID(),
                "team",
                id,
                1,
                ProgramLanguage.PYTHON,
                contents.write(program),
                contents.write(tests),
                ExecutionLimits.of(ProgramLanguage.PYTHON));
        producer.send(new ProducerRecord<>(Topics.EXECUTION_REQUESTS, id, json(request)));
    }

    private String json(ExecutionRequest request) throws JsonProcessingException {
        return mapper.writeValueAsString(request);
    }
}
