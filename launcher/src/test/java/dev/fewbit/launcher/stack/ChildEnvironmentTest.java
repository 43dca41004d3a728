package dev.fewbit.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.launcher.Installation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildEnvironmentTest {
    @TempDir
    private Path temporary;

    private DataDirectory directory;
    private ChildEnvironment environments;
    private Ports ports;

    @BeforeEach
    void open() {
        directory = DataDirectory.open(temporary.resolve("data"));
        ports = Ports.reserve(
                directory.file("ports.properties"), List.of("sandbox", "quantizer", "evaluator", "gateway"));
        Map<String, String> user = Map.of(
                "PATH", "/usr/bin",
                "HOME", "/home/ada",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "FEWBIT_ONNXRUNTIME_PATH", "/opt/onnxruntime",
                "CUDA_VISIBLE_DEVICES", "1",
                "FEWBIT_SANDBOX_CONCURRENCY", "3",
                "FEWBIT_EVALUATOR_SLOTS", "16");
        environments = new ChildEnvironment(
                user,
                new Installation(Path.of("/opt/fewbit")),
                directory,
                new StackAddresses(
                        ports, "127.0.0.1:20001", "jdbc:postgresql://127.0.0.1:20002/fewbit", "fewbit", "pw"));
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void shouldGiveSandboxNothingButItsAddresses() {
        // When
        Map<String, String> sandbox = environments.of(StackService.SANDBOX);

        // Then
        assertThat(sandbox)
                .containsOnlyKeys(
                        "PATH",
                        "HOME",
                        "LANG",
                        "JAVA_HOME",
                        "QUARKUS_HTTP_HOST",
                        "QUARKUS_HTTP_PORT",
                        "KAFKA_BOOTSTRAP_SERVERS",
                        "FEWBIT_SANDBOX_STORE",
                        "FEWBIT_SANDBOX_CONCURRENCY")
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:20001")
                .containsEntry("QUARKUS_HTTP_HOST", "127.0.0.1")
                .containsEntry("FEWBIT_SANDBOX_CONCURRENCY", "3");
    }

    @Test
    void shouldGiveEvaluatorDatabaseStoreRootAndSandbox() {
        // When
        Map<String, String> evaluator = environments.of(StackService.EVALUATOR);

        // Then
        assertThat(evaluator)
                .containsEntry("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:20002/fewbit")
                .containsEntry("QUARKUS_DATASOURCE_USERNAME", "fewbit")
                .containsEntry("QUARKUS_DATASOURCE_PASSWORD", "pw")
                .containsEntry("FEWBIT_EVALUATOR_STORE", directory.store().toString())
                .containsEntry("FEWBIT_EVALUATOR_ROOT", "/opt/fewbit")
                .containsEntry("FEWBIT_EVALUATOR_SANDBOX_URL", "http://127.0.0.1:" + ports.of("sandbox"))
                .containsEntry("FEWBIT_EVALUATOR_SLOTS", "16")
                .containsEntry("RUST_FLAVOR", "cpu")
                .containsEntry("FEWBIT_ONNXRUNTIME_PATH", "/opt/onnxruntime")
                .containsEntry("CUDA_VISIBLE_DEVICES", "1")
                .doesNotContainKeys("AWS_SECRET_ACCESS_KEY", "FEWBIT_SANDBOX_CONCURRENCY");
    }

    @Test
    void shouldTellGatewayWhereTheEvaluatorIs() {
        // When
        Map<String, String> gateway = environments.of(StackService.GATEWAY);

        // Then
        assertThat(gateway)
                .containsEntry("FEWBIT_GATEWAY_EVALUATOR_URL", "http://127.0.0.1:" + ports.of("evaluator"))
                .containsEntry("QUARKUS_HTTP_PORT", Integer.toString(ports.of("gateway")))
                .doesNotContainKeys("FEWBIT_GATEWAY_STORE", "AWS_SECRET_ACCESS_KEY");
    }
}
