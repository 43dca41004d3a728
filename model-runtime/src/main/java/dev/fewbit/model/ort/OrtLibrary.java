package dev.fewbit.model.ort;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Opens ONNX Runtime's library, for the rest of the process. */
// Opening a native library is what this class is for.
@SuppressWarnings("restricted")
public final class OrtLibrary {
    /** The directory with a build for CUDA: {@code libonnxruntime.so*} and its {@code libonnxruntime_providers_*.so}. */
    public static final String VARIABLE = "FEWBIT_ONNXRUNTIME_PATH";

    private static final String RESOURCE = "/ai/onnxruntime/native/linux-x64/libonnxruntime.so";

    private OrtLibrary() {}

    /**
     * The library of a directory.
     *
     * @throws OnnxRuntimeException in one line, when there is none, or it cannot be used
     */
    public static OrtApi open(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "libonnxruntime.so*")) {
            for (Path file : files) {
                return open(file, file.toString());
            }
        } catch (IOException e) {
            throw new OnnxRuntimeException(directory + ": cannot be read: " + e.getMessage(), e);
        }
        throw new OnnxRuntimeException(directory + ": has no libonnxruntime.so*; " + VARIABLE
                + " names the directory of a build of ONNX Runtime for CUDA");
    }

    /** The library that comes with ONNX Runtime's Java API, for processors only. */
    public static OrtApi bundled() {
        return Bundled.API;
    }

    private static OrtApi open(Path file, String name) {
        try {
            return new OrtApi(SymbolLookup.libraryLookup(file, Arena.global()));
        } catch (IllegalArgumentException e) {
            throw new OnnxRuntimeException(name + ": cannot be loaded", e);
        }
    }

    private static final class Bundled {
        private static final OrtApi API = load();

        private static OrtApi load() {
            try (InputStream in = OrtLibrary.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new OnnxRuntimeException(
                            "no ONNX Runtime for this machine comes with us: allowed is linux-x64");
                }
                Path copy = Files.createTempFile("libonnxruntime", ".so");
                try {
                    Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                    return open(copy, RESOURCE);
                } finally {
                    // What is mapped stays.
                    Files.delete(copy);
                }
            } catch (IOException e) {
                throw new OnnxRuntimeException("ONNX Runtime's library cannot be unpacked: " + e.getMessage(), e);
            }
        }
    }
}
