package dev.fewbit.quantizer.planning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.OptionalDouble;

/**
 * Files of the study's models in GB of 10^9 bytes: AQLM with codebooks of 15 bits (8, 4 and 2 bits a weight) or 12 (3 bits), of the 1.3B model 14.
 *
 * @see <a href="https://arxiv.org/abs/2503.07103">Giagnorio et al. 2025</a>
 */
final class StudySizes {
    private static final String RESOURCE = "study-sizes.json";

    private final JsonNode sizes;

    StudySizes() {
        try (InputStream in = StudySizes.class.getResourceAsStream(RESOURCE)) {
            sizes = new JsonMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + RESOURCE + " cannot be read", e);
        }
    }

    /** Of a Hub id at a width, where the study has it. */
    OptionalDouble gigabytes(String id, int bits) {
        JsonNode size = sizes.path(id).path(Integer.toString(bits));
        return size.isNumber() ? OptionalDouble.of(size.asDouble()) : OptionalDouble.empty();
    }
}
