package dev.fewbit.model.transformers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code make_fixture.py} or {@code make_fixtures.py} wrote down; see there for the layout. */
public final class TransformersFixture {
    private final int vocabulary;
    private final int values;
    private final List<int[]> sequences;
    private final List<Greedy> greedy = new ArrayList<>();
    private final ByteBuffer records;

    /** A greedy completion. */
    record Greedy(String problem, int[] prompt, int[] completion) {}

    /** The checkpoint that the fixture was made with. */
    static Path checkpoint() {
        return Path.of(System.getProperty("fewbit.root"), "reference-model", "checkpoint");
    }

    /** Of the reference model. */
    TransformersFixture() throws IOException {
        this("", "");
        new JsonMapper()
                .readTree(bytes("greedy.json"))
                .forEach(node -> greedy.add(new Greedy(
                        node.path("problem").textValue(), ints(node.path("prompt")), ints(node.path("completion")))));
    }

    private TransformersFixture(String shared, String own) throws IOException {
        JsonNode header = new JsonMapper().readTree(bytes(shared + "sequences.json"));
        vocabulary = header.path("vocabulary").intValue();
        values = header.path("values").intValue();
        sequences = new ArrayList<>();
        header.path("sequences").forEach(sequence -> sequences.add(ints(sequence)));
        records = ByteBuffer.wrap(bytes(own + "logits.bin")).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Of a tiny checkpoint. */
    static TransformersFixture of(String name) throws IOException {
        return new TransformersFixture("architectures/", "architectures/" + name + "/");
    }

    /** A tiny checkpoint. */
    public static Path checkpoint(String name) {
        try {
            return Path.of(TransformersFixture.class
                    .getResource("architectures/" + name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    List<int[]> sequences() {
        return sequences;
    }

    List<Greedy> greedy() {
        return greedy;
    }

    /** The largest difference of a row of logits from the one behind a position of a sequence. */
    double difference(int sequence, int position, float[] logits, int from) {
        int length = sequences.getFirst().length;
        int at = (sequence * length + position) * (values + 3) * Integer.BYTES;
        int best = records.getInt(at);
        double worst = Math.abs(logits[from + best] - records.getFloat(at + Integer.BYTES));
        double sum = 0;
        for (int token = 0; token < vocabulary; token++) {
            sum += Math.exp(logits[from + token]);
        }
        worst = Math.max(worst, Math.abs(Math.log(sum) - records.getFloat(at + 2 * Integer.BYTES)));
        for (int i = 0; i < values; i++) {
            int token = (position + i * (vocabulary / values)) % vocabulary;
            float expected = records.getFloat(at + (3 + i) * Integer.BYTES);
            worst = Math.max(worst, Math.abs(logits[from + token] - expected));
        }
        return worst;
    }

    private static int[] ints(JsonNode array) {
        int[] ints = new int[array.size()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = array.get(i).intValue();
        }
        return ints;
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = TransformersFixture.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
