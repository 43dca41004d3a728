package dev.fewbit.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @TempDir
    private Path directory;

    @Test
    void shouldUseSamePortsAgainWhenTheyAreFree() {
        // Given
        Path file = directory.resolve("ports.properties");
        Ports first = Ports.reserve(file, List.of("broker", "database"));

        // When
        Ports second = Ports.reserve(file, List.of("broker", "database", "gateway"));

        // Then
        assertThat(second.of("broker")).isEqualTo(first.of("broker"));
        assertThat(second.of("database")).isEqualTo(first.of("database"));
        assertThat(second.of("gateway")).isBetween(20_000, 31_999);
    }

    @Test
    void shouldDrawAnotherPortWhenKeptOneIsTaken() throws IOException {
        // Given
        Path file = directory.resolve("ports.properties");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(file, "broker=" + taken.getLocalPort() + "\n");

            // When
            Ports ports = Ports.reserve(file, List.of("broker"));

            // Then
            assertThat(ports.of("broker")).isNotEqualTo(taken.getLocalPort()).isBetween(20_000, 31_999);
            assertThat(Files.readString(file)).contains("broker=" + ports.of("broker"));
        }
    }

    @Test
    void shouldDrawPortsApartWhenFileGivesOneTwice() throws IOException {
        // Given
        Path file = directory.resolve("ports.properties");
        int port = Ports.reserve(file, List.of("broker")).of("broker");
        Files.writeString(file, "broker=" + port + "\ndatabase=" + port + "\ngateway=nonsense\n");

        // When
        Ports ports = Ports.reserve(file, List.of("broker", "database", "gateway"));

        // Then
        assertThat(List.of(ports.of("broker"), ports.of("database"), ports.of("gateway")))
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldLetUserChooseGatewayPortForOneRun() {
        // Given
        Path file = directory.resolve("ports.properties");
        Ports kept = Ports.reserve(file, List.of("gateway"));

        // When
        Ports chosen = kept.with("gateway", OptionalInt.of(18_080));

        // Then
        assertThat(chosen.of("gateway")).isEqualTo(18_080);
        assertThat(Ports.reserve(file, List.of("gateway")).of("gateway")).isEqualTo(kept.of("gateway"));
    }

    @Test
    void shouldLeavePortToWhomItIsPromisedWhenFileKeepsItForAnother() throws IOException {
        // Given
        Path file = directory.resolve("ports.properties");
        int promised = Ports.reserve(file, List.of("broker")).of("broker");

        // When
        Ports ports = Ports.reserve(file, List.of("broker", "gateway"), Set.of(promised));

        // Then
        assertThat(ports.of("broker")).isNotEqualTo(promised);
        assertThat(ports.of("gateway")).isNotEqualTo(promised);
    }
}
