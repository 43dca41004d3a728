package dev.fewbit.evaluator.api;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every error leaves as a problem document, none with a stack trace. */
final class ProblemDetails {
    private static final Logger LOGGER = Logger.getLogger(ProblemDetails.class);

    @ServerExceptionMapper
    Response refused(WebApplicationException e) {
        Response.StatusType status = e.getResponse().getStatusInfo();
        return problem(status.getStatusCode(), status.getReasonPhrase(), e.getMessage());
    }

    @ServerExceptionMapper
    Response unexpected(RuntimeException e) {
        LOGGER.error("a request failed", e);
        Response.Status status = Response.Status.INTERNAL_SERVER_ERROR;
        return problem(
                status.getStatusCode(), status.getReasonPhrase(), "the evaluator failed; its log has the details");
    }

    private static Response problem(int status, String title, String detail) {
        return Response.status(status)
                .type(ProblemDetail.MEDIA_TYPE)
                .entity(new ProblemDetail(title, status, detail))
                .build();
    }
}
