package dev.fewbit.evaluator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fewbit.contracts.generation.GeneratorSpec;
import dev.fewbit.contracts.generation.OpenAiSpec;
import dev.fewbit.evaluator.EvaluatorConfig;
import dev.fewbit.evaluator.generation.ServedModelKey;
import dev.fewbit.evaluator.generation.ServedModels;
import dev.fewbit.evaluator.generation.ServerUnavailableException;
import dev.fewbit.generation.CompletionGenerator;
import dev.fewbit.generation.EngineFacts;
import dev.fewbit.generation.UnusableModelException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Served models by OpenAI's API. */
@ApplicationScoped
public class OpenAiModels implements ServedModels {
    /** Raised whenever a change to what is asked could change a completion: it ends the reuse of older ones. */
    private static final int ASKING_VERSION = 1;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final String OF_THE_SERVER = "the server's";
    /** Of a model's entry, what says which model it is; not when it was loaded, nor who may use it. */
    private static final List<String> IDENTITY =
            List.of("id", "owned_by", "root", "parent", "max_model_len", "version", "meta");

    private static final int MOST_NAMED = 8;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();
    private final JsonMapper mapper = new JsonMapper();
    private final EvaluatorConfig.OpenAi config;
    private final UnaryOperator<String> environment;
    private final Persistence.Waiting waiting;

    @Inject
    OpenAiModels(EvaluatorConfig config) {
        this(config.openai(), System::getenv, Thread::sleep);
    }

    OpenAiModels(EvaluatorConfig.OpenAi config, UnaryOperator<String> environment, Persistence.Waiting waiting) {
        this.config = config;
        this.environment = environment;
        this.waiting = waiting;
    }

    @Override
    public EngineFacts facts(GeneratorSpec model) {
        OpenAiSpec spec = model.openai();
        try {
            String reported =
                    server(spec).models().map(answer -> entry(answer, spec)).orElse("nothing of its models");
            String sampling = spec.extensions() ? "temperature, top_k, top_p in this order" : "top_p, no top_k";
            return new EngineFacts(
                    "openai-completions " + ASKING_VERSION + "; sampling by " + sampling + "; the server reports "
                            + reported,
                    OF_THE_SERVER,
                    OF_THE_SERVER,
                    OF_THE_SERVER);
        } catch (ServerFaultException e) {
            throw new ServerUnavailableException(e.getMessage(), e.retryAfter());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerUnavailableException("interrupted while asking " + spec.url(), Duration.ZERO);
        }
    }

    @Override
    public CompletionGenerator open(ServedModelKey key) {
        return new OpenAiCompletionGenerator(server(key.server()), key.server(), new Persistence(config, waiting));
    }

    private OpenAiServer server(OpenAiSpec spec) {
        Optional<List<String>> allowed = config.servers();
        if (allowed.isPresent() && allowed.get().stream().noneMatch(prefix -> isBelow(spec.url(), prefix))) {
            throw new UnusableModelException("url is " + spec.url()
                    + "; allowed here (fewbit.evaluator.openai.servers): " + String.join(", ", allowed.get()));
        }
        return new OpenAiServer(client, mapper, spec, ServerKey.of(spec, environment));
    }

    private static boolean isBelow(String url, String prefix) {
        String base = prefix.strip().replaceAll("/+$", "").replaceAll("/v1$", "");
        return url.equals(base) || url.startsWith(base + "/");
    }

    /** The model's entry in the server's list, reduced to what says which model it is. */
    private static String entry(JsonNode answer, OpenAiSpec spec) {
        List<JsonNode> listed =
                StreamSupport.stream(answer.path("data").spliterator(), false).toList();
        JsonNode entry = listed.stream()
                .filter(model -> isCalled(model, spec.model()))
                .findFirst()
                .orElseThrow(() -> new UnusableModelException("model is '" + spec.model() + "', which " + spec.url()
                        + " does not list; allowed: " + names(listed)));
        ObjectNode identity = JsonNodeFactory.instance.objectNode();
        IDENTITY.stream().filter(entry::hasNonNull).forEach(key -> identity.set(key, entry.get(key)));
        return identity.toString();
    }

    private static boolean isCalled(JsonNode model, String name) {
        return model.path("id").asText().equals(name)
                || StreamSupport.stream(model.path("aliases").spliterator(), false)
                        .anyMatch(alias -> alias.asText().equals(name));
    }

    private static String names(List<JsonNode> listed) {
        String some = listed.stream()
                .limit(MOST_NAMED)
                .map(model -> "'" + model.path("id").asText() + "'")
                .collect(Collectors.joining(", "));
        return listed.isEmpty() ? "a server that lists its models" : some + (listed.size() > MOST_NAMED ? ", …" : "");
    }
}
