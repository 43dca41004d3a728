package dev.fewbit.evaluator.testing;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** PostgreSQL, an object store, and a sandbox that has Python but no Java, for as long as the tests run. */
public class Surroundings implements QuarkusTestResourceLifecycleManager {
    public static final String TOOLCHAIN = "CPython 3.11.2";
    public static final int JUDGE_VERSION = 4;

    private static final String LANGUAGES = """
            [{"language":"python","available":true,"toolchain":"CPython 3.11.2","judgeVersion":4},
             {"language":"java","available":false,"judgeVersion":4}]""";

    private EmbeddedPostgres postgres;
    private HttpServer sandbox;

    @Override
    public Map<String, String> start() {
        try {
            postgres = EmbeddedPostgres.builder().setRegisterShutdownHook(false).start();
            sandbox = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            sandbox.createContext("/api/v1/languages", exchange -> {
                byte[] body = LANGUAGES.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            sandbox.start();
            Path directory = Files.createTempDirectory(Path.of("target"), "evaluator-it-");
            Map<String, String> config = new HashMap<>();
            config.put("quarkus.datasource.jdbc.url", postgres.getJdbcUrl("postgres", "postgres"));
            config.put("quarkus.datasource.username", "postgres");
            config.put("quarkus.datasource.password", "postgres");
            config.put(
                    "fewbit.evaluator.store",
                    directory.resolve("store").toAbsolutePath().toString());
            config.put("fewbit.evaluator.root", directory.toAbsolutePath().toString());
            config.put(
                    "fewbit.evaluator.benchmarks",
                    directory.resolve("benchmarks").toAbsolutePath().toString());
            config.put(
                    "fewbit.evaluator.sandbox-url",
                    "http://127.0.0.1:" + sandbox.getAddress().getPort() + "/");
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        sandbox.stop(0);
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
