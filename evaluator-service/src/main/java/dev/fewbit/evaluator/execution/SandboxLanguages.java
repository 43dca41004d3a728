package dev.fewbit.evaluator.execution;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fewbit.contracts.execution.LanguageView;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.evaluator.EvaluatorConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Asks the sandbox for the languages it can execute: toolchain and judge version are part of a verdict's identity. */
@ApplicationScoped
public class SandboxLanguages {
    private static final String PATH = "/api/v1/languages";
    private static final int OK = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final JsonMapper mapper = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private final URI address;

    @Inject
    SandboxLanguages(EvaluatorConfig config) {
        this(config.sandboxUrl());
    }

    /** @param sandbox base address, with or without a slash at its end */
    SandboxLanguages(URI sandbox) {
        this.address = URI.create(sandbox.toString().replaceAll("/+$", "") + PATH);
    }

    /**
     * The language as it is installed now; empty when the sandbox does not list it.
     *
     * @throws SandboxUnavailableException when there is no proper answer, now; ask again later
     */
    public Optional<LanguageView> find(ProgramLanguage language) throws SandboxUnavailableException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Accept", "application/json")
                .build();
        LanguageView[] views;
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != OK) {
                throw new SandboxUnavailableException(address + " answered " + response.statusCode());
            }
            views = mapper.readValue(response.body(), LanguageView[].class);
        } catch (IOException e) {
            throw new SandboxUnavailableException(address + " does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxUnavailableException("interrupted while asking " + address);
        }
        return Arrays.stream(views).filter(view -> view.language() == language).findFirst();
    }
}
