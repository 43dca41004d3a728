package dev.fewbit.model.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against texts that {@code transformers} made of the same templates; {@code chat/record.py} recorded them. */
class ChatTemplateTest {
    private static final List<ChatMessage> USER = List.of(new ChatMessage("user", "x"));

    @TempDir
    Path directory;

    static Stream<JsonNode> cases() throws IOException {
        try (InputStream in = ChatTemplateTest.class.getResourceAsStream("/chat/templates.json")) {
            return StreamSupport.stream(
                    new JsonMapper().readTree(in).path("cases").spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldGiveTransformersTextWhenRendered(JsonNode recorded) {
        // Given
        List<ChatMessage> messages = new ArrayList<>();
        recorded.path("messages")
                .forEach(message -> messages.add(new ChatMessage(
                        message.path("role").textValue(),
                        message.path("content").textValue())));

        // When
        String text = ChatTemplate.of("t", recorded.path("template").textValue(), "<s>", "</s>")
                .render(messages);

        // Then
        assertThat(text).isEqualTo(recorded.path("expected").textValue());
    }

    @Test
    void shouldReadTheDefaultTemplateWhenSeveralAreNamed() throws IOException {
        // Given
        Files.writeString(directory.resolve("tokenizer_config.json"), """
                {"bos_token": {"content": "<b>"}, "eos_token": null, "chat_template": [
                  {"name": "tool_use", "template": "tools"},
                  {"name": "default", "template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}"}]}""");

        // When, Then
        assertThat(ChatTemplate.open(directory).render(USER)).isEqualTo("<b>x");

        // And: the file of its own comes first
        Files.writeString(directory.resolve("chat_template.jinja"), "{{ messages|length }}\n");
        assertThat(ChatTemplate.open(directory).render(USER)).isEqualTo("1");
    }

    @Test
    void shouldSayItInOneLineWhenATemplateIsMissingOrRefuses() {
        assertThatThrownBy(() -> ChatTemplate.open(directory))
                .hasMessage(directory + " has no chat template: neither chat_template.jinja nor chat_template in"
                        + " tokenizer_config.json");
        assertThatThrownBy(() -> ChatTemplate.of("m", "{{ raise_exception('no user') }}", "", "")
                        .render(USER))
                .isInstanceOf(InvalidTemplateException.class)
                .hasMessageStartingWith("the chat template of m failed: ")
                .hasMessageContaining("no user")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> ChatTemplate.of("m", "{{ messages[0].content.title() }}", "", "")
                        .render(USER))
                .isInstanceOf(InvalidTemplateException.class);
        assertThatThrownBy(() -> ChatTemplate.of("m", "{% if messages", "", "").render(USER))
                .isInstanceOf(InvalidTemplateException.class);
    }
}
