package dev.fewbit.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dockerfiles and compose.yaml, as far as they can be checked without a container engine. */
class ImagesTest {
    private static final Path DOCKER = Module.root().resolve("docker");

    static List<Module> services() {
        return Module.SERVICES;
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldPinBaseAndDropRootWhenImageIsBuilt(Module service) throws IOException {
        // Given
        List<String> lines = Files.readAllLines(DOCKER.resolve(service.folder()).resolve("Dockerfile"));
        // Then
        assertThat(starting(lines, "FROM "))
                .isNotEmpty()
                .allMatch(line -> line.matches("FROM [a-z0-9./-]+:\\d+\\.\\d+\\.\\d+_\\d+-[a-z-]+"));
        assertThat(starting(lines, "USER ")).containsExactly("USER 10001:10001");
        assertThat(starting(lines, "HEALTHCHECK ")).hasSize(1);
        assertThat(starting(lines, "ENTRYPOINT ")).hasSize(1);
        assertThat(String.join("\n", lines))
                .contains("org.opencontainers.image.title=\"fewbit " + service.folder() + "\"");
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldCopyOnlyWhatContextHoldsWhenImageIsBuilt(Module service) throws IOException {
        // Given
        List<String> lines = Files.readAllLines(DOCKER.resolve(service.folder()).resolve("Dockerfile"));
        Set<String> context = new HashSet<>();
        for (String line : Files.readAllLines(Module.root().resolve(".dockerignore"))) {
            if (line.startsWith("!")) {
                context.add(line.substring(1).replace("*", service.folder()));
            }
        }
        // Then
        assertThat(starting(lines, "COPY "))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(context)
                        .anyMatch(kept -> line.substring("COPY ".length()).startsWith(kept)));
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldSetOnlyWhatServiceKnowsWhenImageIsBuilt(Module service) throws IOException {
        // Given
        String text = Files.readString(DOCKER.resolve(service.folder()).resolve("Dockerfile"));
        String environment = text.substring(text.indexOf("\nENV "), text.indexOf("\nEXPOSE "));
        // When
        List<String> keys = Pattern.compile("([A-Z][A-Z0-9_]+)=")
                .matcher(environment)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
        // Then
        assertThat(keys).isNotEmpty();
        assertThat(ServiceSettings.of(service)).containsAll(keys);
    }

    @Test
    void shouldHoldSuiteWhenComposed() throws IOException {
        // Given
        Manifest compose = compose();
        // Then
        assertThat(compose.keys("services"))
                .containsExactlyInAnyOrder(
                        "kafka",
                        "topics",
                        "postgres",
                        "gateway",
                        "quantizer-service",
                        "evaluator-service",
                        "sandbox-service");
        for (String name : compose.keys("services")) {
            Manifest service = new Manifest((Map<?, ?>) compose.at("services", name));
            assertThat(service.text("image")).as("%s", name).matches("[a-z/-]+:\\d+\\.\\d[A-Za-z0-9._-]*");
            assertThat(service.keys())
                    .as("%s", name)
                    .contains("mem_limit", "networks")
                    .doesNotContain("privileged", "cap_add", "devices", "pid", "network_mode");
            assertThat(service.text("security_opt")).as("%s", name).contains("no-new-privileges:true");
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldSetOnlyWhatServiceKnowsWhenComposed(Module module) throws IOException {
        // Given
        Manifest service = new Manifest((Map<?, ?>) compose().at("services", module.folder()));
        // Then
        assertThat(service.keys("environment")).isNotEmpty();
        assertThat(ServiceSettings.of(module)).containsAll(service.keys("environment"));
        assertThat(service.at("read_only")).isEqualTo(true);
        assertThat(service.text("tmpfs")).startsWith("[/tmp:exec,");
        assertThat(service.at("cap_drop")).isEqualTo(List.of("ALL"));
        assertThat(Module.root().resolve(service.text("build", "dockerfile"))).exists();
        assertThat(service.at("ports")).isEqualTo(module == Module.GATEWAY ? List.of("127.0.0.1:8080:8080") : null);
    }

    @Test
    void shouldLetNamespacesThroughAndDangersNotWhenSandboxIsFiltered() throws IOException {
        // Given
        JsonElement profile = JsonParser.parseString(Files.readString(DOCKER.resolve("sandbox-service/seccomp.json")));
        Set<String> allowed = new TreeSet<>();
        for (JsonElement rule : profile.getAsJsonObject().getAsJsonArray("syscalls")) {
            JsonArray names = rule.getAsJsonObject().getAsJsonArray("names");
            names.forEach(name -> allowed.add(name.getAsString()));
        }
        // Then
        assertThat(profile.getAsJsonObject().get("defaultAction").getAsString()).isEqualTo("SCMP_ACT_ERRNO");
        assertThat(allowed)
                .contains("clone", "clone3", "unshare", "mount", "umount2", "pivot_root", "seccomp", "execve", "futex")
                .doesNotContain(
                        "bpf",
                        "init_module",
                        "kexec_load",
                        "keyctl",
                        "open_by_handle_at",
                        "perf_event_open",
                        "ptrace",
                        "reboot",
                        "userfaultfd",
                        "io_uring_setup");
    }

    private static Manifest compose() throws IOException {
        return Manifest.parseAll(Files.readString(DOCKER.resolve("compose.yaml")))
                .getFirst();
    }

    private static List<String> starting(List<String> lines, String instruction) {
        return lines.stream().filter(line -> line.startsWith(instruction)).toList();
    }
}
