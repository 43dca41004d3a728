package dev.fewbit.gateway.api;

import dev.fewbit.contracts.study.StudySpec;
import dev.fewbit.gateway.GatewayConfig;
import dev.fewbit.yaml.InvalidYamlException;
import dev.fewbit.yaml.YamlRecords;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads a study out of a request's body. JSON is YAML too, so that there is one reader. */
@ApplicationScoped
class StudyReader {
    private static final String SOURCE = "study";

    private final YamlRecords records = new YamlRecords();
    private final int limit;

    StudyReader(GatewayConfig config) {
        this.limit = Math.toIntExact(config.limits().studyFile().asLongValue());
    }

    /**
     * @throws InvalidYamlException when it is no study; the message names line and column
     * @throws ClientErrorException 413 when it is larger than the limit, of which not more than a byte too much is read
     */
    StudySpec read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw new ClientErrorException(
                    "a study file has at most " + limit + " bytes", Response.Status.REQUEST_ENTITY_TOO_LARGE);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return records.read(text, StudySpec.class, SOURCE);
        } catch (CharacterCodingException e) {
            throw new InvalidYamlException(SOURCE + ": not UTF-8");
        }
    }
}
