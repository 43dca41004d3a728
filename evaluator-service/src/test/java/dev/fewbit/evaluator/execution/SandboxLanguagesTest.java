package dev.fewbit.evaluator.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.fewbit.contracts.execution.LanguageView;
import dev.fewbit.contracts.execution.ProgramLanguage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxLanguagesTest {
    private HttpServer server;
    private URI address;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void shouldFindTheLanguageWhenTheSandboxListsIt() throws Exception {
        // Given
        answer(
                200,
                "[{\"language\":\"java\",\"available\":true,\"toolchain\":\"javac 25.0.3\",\"judgeVersion\":2,\"x\":1}]");
        SandboxLanguages languages = new SandboxLanguages(address);

        // When, Then
        assertThat(languages.find(ProgramLanguage.JAVA))
                .contains(new LanguageView(ProgramLanguage.JAVA, true, "javac 25.0.3", 2));
        assertThat(languages.find(ProgramLanguage.PYTHON)).isEmpty();
    }

    @Test
    void shouldSayWhatAnsweredWhenItIsNotReadyYet() {
        // Given
        answer(503, "starting");

        // When, Then
        assertThatThrownBy(() -> new SandboxLanguages(address).find(ProgramLanguage.JAVA))
                .isInstanceOf(SandboxUnavailableException.class)
                .hasMessage(address + "/api/v1/languages answered 503");
    }

    @Test
    void shouldSayThatNothingAnswersWhenItIsDown() {
        // Given
        server.stop(0);

        // When, Then
        assertThatThrownBy(() -> new SandboxLanguages(address).find(ProgramLanguage.JAVA))
                .isInstanceOf(SandboxUnavailableException.class)
                .message()
                .startsWith(address + "/api/v1/languages does not answer: ");
    }

    private void answer(int status, String body) {
        server.createContext("/api/v1/languages", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
