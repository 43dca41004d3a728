package dev.fewbit.model.session;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** The tensors of an artifact's weights file, mapped read-only. */
final class ExternalWeights implements AutoCloseable {
    private final Path file;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment bytes;

    ExternalWeights(Path file) throws IOException {
        this.file = file;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /** The bytes of an initializer that lies in the file. */
    MemorySegment read(TensorProto tensor) {
        Map<String, String> entries = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            entries.put(entry.getKey(), entry.getValue());
        }
        long offset = Long.parseLong(entries.getOrDefault("offset", "0"));
        long length = Long.parseLong(entries.getOrDefault("length", "0"));
        if (offset < 0 || length < 0 || offset > bytes.byteSize() - length) {
            throw new InvalidArtifactException(
                    file,
                    "tensor " + tensor.getName() + " at " + offset + " with " + length + " bytes is outside the file's "
                            + bytes.byteSize());
        }
        return bytes.asSlice(offset, length);
    }

    @Override
    public void close() {
        arena.close();
    }
}
