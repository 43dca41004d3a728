package dev.fewbit.sandbox.api;

import dev.fewbit.sandbox.execution.SandboxUnavailableException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Errors of the API as problem details, never as stack traces. */
public class ProblemMappers {
    private static final String PROBLEM_JSON = "application/problem+json";

    @ServerExceptionMapper
    public Response map(SandboxUnavailableException e) {
        return problem(Response.Status.SERVICE_UNAVAILABLE, e.getMessage());
    }

    @ServerExceptionMapper
    public Response map(WebApplicationException e) {
        Response.Status status = Response.Status.fromStatusCode(e.getResponse().getStatus());
        return problem(status == null ? Response.Status.INTERNAL_SERVER_ERROR : status, e.getMessage());
    }

    private static Response problem(Response.Status status, String detail) {
        Problem problem = new Problem("about:blank", status.getReasonPhrase(), status.getStatusCode(), detail);
        return Response.status(status).type(PROBLEM_JSON).entity(problem).build();
    }
}
