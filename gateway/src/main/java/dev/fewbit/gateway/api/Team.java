package dev.fewbit.gateway.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.regex.Pattern;

/** Whose request it is: the header {@code Fewbit-Team}, or {@code default}. */
@RequestScoped
class Team {
    static final String HEADER = "Fewbit-Team";

    private static final String DEFAULT = "default";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final HttpHeaders headers;

    Team(HttpHeaders headers) {
        this.headers = headers;
    }

    /** @throws BadRequestException when the header holds no team's name */
    String name() {
        String name = headers.getHeaderString(HEADER);
        if (name == null) {
            return DEFAULT;
        }
        if (!NAME.matcher(name).matches()) {
            throw new BadRequestException(
                    HEADER + " is not a team's name; allowed: 1 to 63 of a to z, 0 to 9 and -, not - first");
        }
        return name;
    }
}
