package dev.fewbit.gateway.api;

import dev.fewbit.contracts.InvalidSpecException;
import dev.fewbit.gateway.samples.EvaluatorUnavailableException;
import dev.fewbit.gateway.study.NothingFinishedException;
import dev.fewbit.gateway.study.StudyEndedException;
import dev.fewbit.gateway.study.StudyNotFoundException;
import dev.fewbit.yaml.InvalidYamlException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The only place where an exception becomes an answer. */
class ProblemMappers {
    private static final Logger LOGGER = Logger.getLogger(ProblemMappers.class);
    private static final int UNPROCESSABLE = 422;

    @ServerExceptionMapper
    Response unreadable(InvalidYamlException e, UriInfo uri) {
        return answer(Status.BAD_REQUEST, e.getMessage(), uri);
    }

    @ServerExceptionMapper
    Response notAllowed(InvalidSpecException e, UriInfo uri) {
        return answer(UNPROCESSABLE, "Unprocessable Content", e.getMessage(), uri);
    }

    @ServerExceptionMapper
    Response notFound(StudyNotFoundException e, UriInfo uri) {
        return answer(Status.NOT_FOUND, e.getMessage(), uri);
    }

    @ServerExceptionMapper
    Response ended(StudyEndedException e, UriInfo uri) {
        return answer(Status.CONFLICT, e.getMessage(), uri);
    }

    @ServerExceptionMapper
    Response nothingFinished(NothingFinishedException e, UriInfo uri) {
        return answer(Status.CONFLICT, e.getMessage(), uri);
    }

    @ServerExceptionMapper
    Response evaluatorAway(EvaluatorUnavailableException e, UriInfo uri) {
        LOGGER.warnf("%s: %s", e.getMessage(), e.getCause());
        return answer(Status.BAD_GATEWAY, e.getMessage(), uri);
    }

    /** What the HTTP layer itself refuses: unknown path, method, content type. */
    @ServerExceptionMapper
    Response refused(WebApplicationException e, UriInfo uri) {
        Response.StatusType status = e.getResponse().getStatusInfo();
        Response.ResponseBuilder answer =
                Response.fromResponse(answer(status.getStatusCode(), status.getReasonPhrase(), detail(e), uri));
        // Allow, WWW-Authenticate and their like.
        e.getResponse().getHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Content-Type") && !name.equalsIgnoreCase("Content-Length")) {
                values.forEach(value -> answer.header(name, value));
            }
        });
        return answer.build();
    }

    /** Our fault: the log has the story under the id that the client gets. */
    @ServerExceptionMapper
    Response unexpected(RuntimeException e, UriInfo uri) {
        UUID id = UUID.randomUUID();
        LOGGER.errorf(e, "error %s at %s", id, uri.getPath());
        return answer(
                Status.INTERNAL_SERVER_ERROR, "something went wrong; the gateway's log tells it under " + id, uri);
    }

    private static String detail(WebApplicationException e) {
        return switch (e.getResponse().getStatusInfo().toEnum()) {
            case NOT_FOUND ->
                e.getMessage() == null || e.getMessage().startsWith("HTTP ")
                        ? "there is nothing at this path"
                        : e.getMessage();
            case NOT_ACCEPTABLE -> "none of the media types in Accept can be had here";
            case UNSUPPORTED_MEDIA_TYPE -> "a study is sent as application/yaml or application/json";
            case null, default -> e.getMessage();
        };
    }

    private static Response answer(Status status, String detail, UriInfo uri) {
        return answer(status.getStatusCode(), status.getReasonPhrase(), detail, uri);
    }

    private static Response answer(int status, String title, String detail, UriInfo uri) {
        return Response.status(status)
                .type(Problem.MEDIA_TYPE)
                .entity(new Problem("about:blank", title, status, detail, uri.getPath()))
                .build();
    }
}
