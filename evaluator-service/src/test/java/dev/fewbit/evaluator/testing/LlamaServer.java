package dev.fewbit.evaluator.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The reference model, made a GGUF file of 16-bit floats, behind llama.cpp's own server. {@code ./fewbit test --all} installs it. */
public final class LlamaServer implements AutoCloseable {
    public static final String MODEL = "fewbit-reference-f16";
    public static final Path CHECKPOINT = root().resolve("reference-model/checkpoint");

    private static final Path SCRIPT = root().resolve("evaluator-service/src/test/peers/llama_server.py");
    private static final long PATIENCE_SECONDS = 10;

    private final Process process;
    private final int port;

    private LlamaServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it; returns when it answers. The model's file is written to {@code directory}. */
    public static LlamaServer start(Path directory, String key) throws IOException {
        String python = System.getProperty("fewbit.peers.python");
        if (python == null) {
            throw new IllegalStateException("fewbit.peers.python is missing; ./fewbit test --all sets it");
        }
        Path log = directory.resolve("llama-server.log");
        Process process = new ProcessBuilder(
                        python,
                        SCRIPT.toString(),
                        "--key",
                        key,
                        CHECKPOINT.toString(),
                        directory.resolve("reference.gguf").toString(),
                        MODEL)
                .redirectError(log.toFile())
                .start();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.matches("\\d+")) {
                return new LlamaServer(process, Integer.parseInt(line));
            }
        }
        throw new IllegalStateException("llama.cpp's server did not start: " + Files.readString(log));
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() throws IOException {
        process.outputWriter().close();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The installation's root. */
    public static Path root() {
        return Path.of(System.getProperty("fewbit.root", "..")).toAbsolutePath().normalize();
    }
}
