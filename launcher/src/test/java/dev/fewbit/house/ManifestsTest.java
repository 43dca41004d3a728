package dev.fewbit.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.contracts.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every overlay, rendered as a cluster would get it: parsed strictly, and held to our own rules. */
class ManifestsTest {
    private static final Map<String, List<Manifest>> RENDERED = new HashMap<>();

    @BeforeAll
    static void render() throws IOException, InterruptedException {
        for (Path overlay : Kustomize.overlays()) {
            RENDERED.put(overlay.getFileName().toString(), Kustomize.render(overlay));
        }
    }

    static Stream<String> overlays() throws IOException {
        return Kustomize.overlays().stream()
                .map(overlay -> overlay.getFileName().toString());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldBeValidKubernetesWhenRendered(String overlay) throws IOException {
        for (Manifest manifest : RENDERED.get(overlay)) {
            StrictKubernetes.check(manifest);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {replica: 1, selector: {}, template: {}}}",
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {replicas: one, selector: {}, template: {}}}",
                "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 1, protcol: TCP}]}}",
                "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {policyType: []}}",
                "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {accessMode: []}}",
                "{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {backoffLimt: 1, template: {}}}",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, dta: {}}",
                "{apiVersion: v1, kind: Namespace, metadata: {nme: a}}",
                "{apiVersion: apps/v1beta1, kind: Deployment, metadata: {name: a}}",
            })
    void shouldRefuseObjectWhenFieldIsMistyped(String yaml) {
        assertThatThrownBy(() -> StrictKubernetes.check(Manifest.parseAll(yaml).getFirst()))
                .isInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldRunFourServicesWhenRendered(String overlay) {
        assertThat(RENDERED.get(overlay).stream()
                        .filter(manifest -> manifest.kind().equals("Deployment"))
                        .map(Manifest::name))
                .containsExactlyInAnyOrderElementsOf(
                        Module.SERVICES.stream().map(Module::folder).toList());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldHoldNoSecretWhenRendered(String overlay) {
        assertThat(RENDERED.get(overlay)).noneMatch(manifest -> manifest.kind().equals("Secret"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldBeRestrictedWhenContainerRuns(String overlay) {
        for (Manifest pod : pods(overlay)) {
            assertThat(pod.at("automountServiceAccountToken")).as("%s", pod).isEqualTo(false);
            assertThat(pod.at("securityContext", "runAsNonRoot")).as("%s", pod).isEqualTo(true);
            assertThat(pod.text("securityContext", "runAsUser")).as("%s", pod).isNotIn(null, "0");
            assertThat(pod.text("securityContext", "seccompProfile", "type")).isIn("RuntimeDefault", "Localhost");
            assertThat(pod.keys()).doesNotContain("hostNetwork", "hostPID", "hostIPC");
            assertThat(pod.list("volumes")).noneMatch(volume -> volume.keys().contains("hostPath"));
            for (Manifest container : pod.containers()) {
                assertThat(container.at("securityContext", "privileged")).isNull();
                assertThat(container.at("securityContext", "allowPrivilegeEscalation"))
                        .isEqualTo(false);
                assertThat(container.at("securityContext", "readOnlyRootFilesystem"))
                        .isEqualTo(true);
                assertThat(container.at("securityContext", "capabilities")).isEqualTo(Map.of("drop", List.of("ALL")));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldUnmaskProcOnlyWhenPodHasUserNamespaceOfItsOwn(String overlay) {
        for (Manifest manifest : workloads(overlay)) {
            boolean sandbox = manifest.name().equals(Module.SANDBOX.folder());
            Manifest pod = manifest.pod().orElseThrow();
            Object expected = sandbox ? "Unmasked" : null;
            assertThat(pod.at("hostUsers")).as("%s", manifest).isEqualTo(sandbox ? false : null);
            assertThat(pod.containers())
                    .allSatisfy(container -> assertThat(container.at("securityContext", "procMount"))
                            .as("%s", manifest)
                            .isEqualTo(expected));
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldBeBoundedAndProbedWhenContainerRuns(String overlay) {
        for (Manifest manifest : workloads(overlay)) {
            for (Manifest container : manifest.pod().orElseThrow().containers()) {
                for (String bound : List.of("requests", "limits")) {
                    assertThat(container.at("resources", bound, "memory"))
                            .as("%s", manifest)
                            .isNotNull();
                    assertThat(container.at("resources", bound, "cpu"))
                            .as("%s", manifest)
                            .isNotNull();
                }
                assertThat(container.text("image")).matches("[a-z0-9./-]+:[0-9][A-Za-z0-9._-]+");
                if (!manifest.kind().equals("Job")) {
                    assertThat(container.keys())
                            .as("%s", manifest)
                            .contains("startupProbe", "readinessProbe", "livenessProbe");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldSetOnlyWhatServiceKnowsWhenDeployed(String overlay) {
        Map<String, Set<String>> configMaps = new HashMap<>();
        for (Manifest manifest : RENDERED.get(overlay)) {
            if (manifest.kind().equals("ConfigMap")) {
                configMaps.put(manifest.name(), manifest.keys("data"));
            }
        }
        for (Module service : Module.SERVICES) {
            Manifest container = deployment(overlay, service).containers().getFirst();
            Set<String> keys = new TreeSet<>();
            container.list("env").forEach(entry -> keys.add(entry.text("name")));
            container
                    .list("envFrom")
                    .forEach(source -> keys.addAll(configMaps.get(source.text("configMapRef", "name"))));
            assertThat(ServiceSettings.of(service)).as(service.folder()).containsAll(keys);
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldReachOnlyItsArrowsWhenPodSpeaks(String overlay) {
        // Given: the arrows of the design; a service's broker and database may lie in another namespace
        Map<String, Set<String>> arrows = Map.of(
                "gateway", Set.of("kafka:9092", "postgresql:5432", "evaluator-service:8080"),
                "quantizer-service", Set.of("kafka:9092", "postgresql:5432"),
                "evaluator-service", Set.of("kafka:9092", "postgresql:5432", "sandbox-service:8080"),
                "sandbox-service", Set.of("kafka:9092"));
        // When
        Map<String, Set<String>> egress = new HashMap<>();
        boolean denied = false;
        for (Manifest policy : RENDERED.get(overlay)) {
            if (policy.kind().equals("NetworkPolicy")) {
                denied |= policy.tree()
                        .get("spec")
                        .equals(Map.of("podSelector", Map.of(), "policyTypes", List.of("Ingress", "Egress")));
                if (arrows.containsKey(policy.name())) {
                    egress.put(policy.name(), targets(policy));
                }
            }
        }
        // Then
        assertThat(denied).as("everything is denied first").isTrue();
        assertThat(egress).isEqualTo(arrows);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void shouldReachContainerWhenServiceNamesPort(String overlay) {
        for (Module service : Module.SERVICES) {
            assertThat(deployment(overlay, service).containers().getFirst().list("ports"))
                    .as(service.folder())
                    .extracting(port -> port.text("name") + " " + port.text("containerPort"))
                    .containsExactly("http 8080");
            assertThat(RENDERED.get(overlay).stream()
                            .filter(manifest -> manifest.kind().equals("Service")
                                    && manifest.name().equals(service.folder()))
                            .flatMap(manifest -> manifest.list("spec", "ports").stream())
                            .map(port -> port.text("port") + " " + port.text("targetPort")))
                    .containsExactly("8080 http");
        }
    }

    @Test
    void shouldMakeTopicsOfContractsWhenBrokerIsInside() throws IOException {
        // Given
        String script = Files.readString(Module.root().resolve("k8s/overlays/local/create-topics.sh"));
        // When
        List<String> topics = new ArrayList<>();
        String loop = script.substring(script.indexOf("for topic in"), script.indexOf("; do"));
        for (String word : loop.split("[\\s\\\\]+")) {
            if (!Set.of("for", "topic", "in").contains(word)) {
                topics.add(word);
            }
        }
        // Then
        assertThat(topics).containsExactlyElementsOf(Topics.all());
        assertThat(script).contains("create \"$topic" + Topics.DEAD_LETTER_SUFFIX + "\" 1");
    }

    private static Set<String> targets(Manifest policy) {
        Set<String> targets = new TreeSet<>();
        for (Manifest rule : policy.list("spec", "egress")) {
            for (Manifest peer : rule.list("to")) {
                String name = peer.text("podSelector", "matchLabels", "app.kubernetes.io/name");
                rule.list("ports").forEach(port -> targets.add(name + ":" + port.text("port")));
            }
        }
        return targets;
    }

    private static Manifest deployment(String overlay, Module service) {
        return workloads(overlay).stream()
                .filter(manifest -> manifest.name().equals(service.folder()))
                .findFirst()
                .flatMap(Manifest::pod)
                .orElseThrow();
    }

    private static List<Manifest> workloads(String overlay) {
        return RENDERED.get(overlay).stream()
                .filter(manifest -> manifest.pod().isPresent())
                .toList();
    }

    private static List<Manifest> pods(String overlay) {
        return workloads(overlay).stream()
                .flatMap(manifest -> manifest.pod().stream())
                .toList();
    }
}
