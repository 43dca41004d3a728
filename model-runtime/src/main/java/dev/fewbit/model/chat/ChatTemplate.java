package dev.fewbit.model.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The chat template of a checkpoint's tokenizer, carried out as {@code transformers}' {@code apply_chat_template} does. Its text holds
 * the special tokens: it is encoded without the tokenizer's own. Safe for use by several threads.
 *
 * @see <a href="https://huggingface.co/docs/transformers/chat_templating">Chat templates</a>
 */
public final class ChatTemplate {
    private static final String FILE = "chat_template.jinja";
    private static final String CONFIG = "tokenizer_config.json";
    private static final String DEFAULT = "default";

    private final String name;
    private final String template;
    private final Map<String, Object> tokens;
    private final Jinjava jinjava;

    private ChatTemplate(String name, String template, Map<String, Object> tokens) {
        this.name = name;
        this.template = PythonWhitespace.applied(template);
        this.tokens = Map.copyOf(tokens);
        jinjava = new Jinjava(JinjavaConfig.newBuilder()
                .withLegacyOverrides(LegacyOverrides.NONE)
                .withTrimBlocks(false)
                .withLstripBlocks(false)
                .withKeepTrailingNewline(true)
                .withNestedInterpretationEnabled(false)
                .withElResolver(PythonStrings.resolver())
                .build());
        jinjava.getGlobalContext().registerFilter(new PythonJson());
        jinjava.getGlobalContext()
                .registerFunction(new ELFunctionDefinition(
                        "", "raise_exception", TemplateFunctions.class, "raise", String.class));
        jinjava.getGlobalContext()
                .registerFunction(
                        new ELFunctionDefinition("", "strftime_now", TemplateFunctions.class, "now", String.class));
    }

    /**
     * The template of an artifact or checkpoint: {@code chat_template.jinja}, or the one in {@code tokenizer_config.json}, where several
     * are named that of name {@code default}.
     *
     * @throws InvalidTemplateException when there is none
     */
    public static ChatTemplate open(Path directory) {
        try {
            Path file = directory.resolve(FILE);
            Path config = directory.resolve(CONFIG);
            JsonNode root = Files.exists(config)
                    ? new JsonMapper().readTree(config.toFile())
                    : new JsonMapper().createObjectNode();
            String template = Files.exists(file) ? Files.readString(file) : named(root.path("chat_template"));
            if (template == null) {
                throw new InvalidTemplateException(
                        directory + " has no chat template: neither " + FILE + " nor chat_template in " + CONFIG);
            }
            return of(directory.toString(), template, token(root, "bos_token"), token(root, "eos_token"));
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": the chat template cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * A template.
     *
     * @param name for messages
     * @param bosToken text of the token, empty where there is none
     * @param eosToken as {@code bosToken}
     */
    public static ChatTemplate of(String name, String template, String bosToken, String eosToken) {
        return new ChatTemplate(name, template, Map.of("bos_token", bosToken, "eos_token", eosToken));
    }

    /**
     * The prompt for an answer to a conversation.
     *
     * @throws InvalidTemplateException when the template refuses it or asks for something that is not there
     */
    public String render(List<ChatMessage> messages) {
        Map<String, Object> context = new HashMap<>(tokens);
        context.put("messages", messages.stream().map(ChatTemplate::map).toList());
        context.put("add_generation_prompt", true);
        // Without a variable of this name Jinjava says that the function is not defined, and a template then takes
        // another way.
        context.put("strftime_now", "a function");
        RenderResult result = jinjava.renderForResult(template, context);
        if (result.hasErrors()) {
            throw new InvalidTemplateException("the chat template of " + name + " failed: "
                    + reason(result.getErrors().getFirst()));
        }
        return result.getOutput();
    }

    /** What the template itself said, where it raised something; else Jinjava's first line. */
    private static String reason(TemplateError error) {
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidTemplateException) {
                return cause.getMessage();
            }
        }
        return error.getMessage().lines().findFirst().orElse("");
    }

    private static Map<String, Object> map(ChatMessage message) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("role", message.role());
        map.put("content", message.content());
        return map;
    }

    private static String named(JsonNode templates) {
        if (templates.isTextual()) {
            return templates.textValue();
        }
        for (JsonNode template : templates) {
            if (template.path("name").asText().equals(DEFAULT)) {
                return template.path("template").textValue();
            }
        }
        return null;
    }

    /** A token's text, which stands alone or as the content of an object. */
    private static String token(JsonNode root, String key) {
        JsonNode token = root.path(key);
        return token.isObject() ? token.path("content").asText() : token.isTextual() ? token.textValue() : "";
    }
}
