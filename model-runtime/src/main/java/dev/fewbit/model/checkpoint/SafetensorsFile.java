package dev.fewbit.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * One safetensors file, mapped: 8 bytes with the header's length (little-endian), the header (JSON: name to dtype, shape and
 * offsets), then the data. Offsets must lie in the data, match dtype and shape, and cover it without overlap and without
 * holes.
 *
 * @see <a href="https://huggingface.co/docs/safetensors/index#format">the format</a>
 */
final class SafetensorsFile {
    /** The reference implementation's limit. */
    static final long LARGEST_HEADER = 100_000_000;

    private static final String METADATA = "__metadata__";
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private SafetensorsFile(Path file) {
        this.file = file;
    }

    /**
     * Maps {@code file} for the life of {@code arena}.
     *
     * @throws InvalidCheckpointException when the file is not a valid safetensors file
     */
    static SafetensorsFile open(Path file, Arena arena) throws IOException {
        MemorySegment mapped;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
        SafetensorsFile safetensors = new SafetensorsFile(file);
        safetensors.read(mapped);
        return safetensors;
    }

    /** Tensors by name, in the order of their data. */
    Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    private void read(MemorySegment mapped) {
        long size = mapped.byteSize();
        if (size < Long.BYTES) {
            throw invalid("the file has " + size + " bytes, a safetensors file has at least 8; is it cut short?");
        }
        long length = mapped.get(LENGTH, 0);
        if (length < 2 || length > LARGEST_HEADER) {
            throw invalid(
                    "the header claims " + Long.toUnsignedString(length) + " bytes; allowed: 2 to " + LARGEST_HEADER);
        }
        if (length > size - Long.BYTES) {
            throw invalid("the header claims " + length + " bytes but only " + (size - Long.BYTES)
                    + " follow; is the file cut short?");
        }
        MemorySegment data = mapped.asSlice(Long.BYTES + length);
        JsonNode header = parse(mapped.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE));
        List<Entry> entries = header.properties().stream()
                .filter(e -> !e.getKey().equals(METADATA))
                .map(e -> entry(e.getKey(), e.getValue(), data.byteSize()))
                .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
                .toList();
        long end = 0;
        String before = "the start of the data";
        for (Entry entry : entries) {
            if (entry.begin < end) {
                throw invalid("tensor '" + entry.name + "' begins at " + entry.begin + " and overlaps " + before
                        + ", which ends at " + end);
            }
            if (entry.begin > end) {
                throw invalid("tensor '" + entry.name + "' begins at " + entry.begin + " and leaves a hole behind "
                        + before + ", which ends at " + end);
            }
            tensors.put(
                    entry.name,
                    new Tensor(
                            entry.name, entry.dtype, entry.shape, data.asSlice(entry.begin, entry.end - entry.begin)));
            end = entry.end;
            before = "tensor '" + entry.name + "'";
        }
        if (end != data.byteSize()) {
            throw invalid("the tensors end at byte " + end + " of the data but it has " + data.byteSize());
        }
    }

    private JsonNode parse(byte[] header) {
        JsonNode root;
        try {
            root = JSON.readTree(header);
        } catch (JsonProcessingException e) {
            throw invalid("the header is not valid JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
        if (!root.isObject()) {
            throw invalid("the header is not a JSON object");
        }
        return root;
    }

    private Entry entry(String name, JsonNode node, long dataBytes) {
        String dtypeName = node.path("dtype").asText();
        DType dtype = DType.of(dtypeName)
                .orElseThrow(() ->
                        invalid("tensor '" + name + "' has dtype '" + dtypeName + "'; allowed: " + DType.allowed()));
        long[] shape = numbers(name, "shape", node.path("shape"));
        long[] offsets = numbers(name, "data_offsets", node.path("data_offsets"));
        if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > dataBytes) {
            throw invalid("tensor '" + name + "' has data_offsets " + node.path("data_offsets")
                    + "; allowed: begin <= end <= " + dataBytes + ", the bytes of data in the file"
                    + (offsets.length == 2 && offsets[1] > dataBytes ? "; is it cut short?" : ""));
        }
        long bytes = bytes(name, dtype, shape, node);
        if (bytes != offsets[1] - offsets[0]) {
            throw invalid("tensor '" + name + "' of dtype " + dtype + " and shape " + node.path("shape") + " needs "
                    + bytes + " bytes but its data_offsets span " + (offsets[1] - offsets[0]));
        }
        return new Entry(name, dtype, shape, offsets[0], offsets[1]);
    }

    private long[] numbers(String name, String key, JsonNode array) {
        boolean valid = array.isArray()
                && StreamSupport.stream(array.spliterator(), false)
                        .allMatch(n -> n.isIntegralNumber() && n.canConvertToLong() && n.asLong() >= 0);
        if (!valid) {
            throw invalid("tensor '" + name + "' has " + key + " " + array + "; allowed: a list of whole numbers >= 0");
        }
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }

    private long bytes(String name, DType dtype, long[] shape, JsonNode node) {
        try {
            long bytes = dtype.bytes();
            for (long dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw invalid("tensor '" + name + "' has shape " + node.path("shape") + ", more than any file can hold");
        }
    }

    private InvalidCheckpointException invalid(String problem) {
        return new InvalidCheckpointException(file, problem);
    }

    private record Entry(String name, DType dtype, long[] shape, long begin, long end) {}
}
