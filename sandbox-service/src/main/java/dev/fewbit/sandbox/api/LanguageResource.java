package dev.fewbit.sandbox.api;

import dev.fewbit.contracts.execution.LanguageView;
import dev.fewbit.sandbox.execution.ExecutionService;
import dev.fewbit.sandbox.execution.SandboxUnavailableException;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** The languages of this sandbox, those that are not installed included. */
@Path("/api/v1/languages")
@Produces(MediaType.APPLICATION_JSON)
public class LanguageResource {
    private final ExecutionService service;

    public LanguageResource(ExecutionService service) {
        this.service = service;
    }

    @GET
    @Blocking
    public List<LanguageView> languages() throws SandboxUnavailableException, InterruptedException {
        return service.languages();
    }
}
