package dev.fewbit.launcher.stack;

import dev.fewbit.launcher.Installation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Environments of child processes: made from nothing, so that no secret of the user's shell reaches a service, least of all the one
 * that runs programs written by a model. What passes: PATH, HOME, LANG, TMPDIR, addresses, and the user's own {@code FEWBIT_SERVICE_*} settings
 * for that service; the two that compute with models also learn where a GPU's libraries are. Only the services that have tables get the database's password.
 */
final class ChildEnvironment {
    /** Where a GPU's libraries are, and which GPUs there are. */
    private static final List<String> GPU_KEYS = List.of(
            "FEWBIT_ONNXRUNTIME_PATH",
            "FEWBIT_CUDA_LIBRARY_PATH",
            "CUDA_VISIBLE_DEVICES",
            "LD_LIBRARY_PATH",
            "PYTHONPATH",
            "VIRTUAL_ENV",
            "CONDA_PREFIX");

    private final Map<String, String> own;
    private final Installation installation;
    private final DataDirectory directory;
    private final StackAddresses addresses;

    ChildEnvironment(
            Map<String, String> own, Installation installation, DataDirectory directory, StackAddresses addresses) {
        this.own = own;
        this.installation = installation;
        this.directory = directory;
        this.addresses = addresses;
    }

    /** What every child gets. */
    static Map<String, String> common(Map<String, String> own) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", own.getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put("LANG", "C.UTF-8");
        for (String key : new String[] {"HOME", "TMPDIR"}) {
            if (own.containsKey(key)) {
                environment.put(key, own.get(key));
            }
        }
        return environment;
    }

    Map<String, String> of(StackService service) {
        Map<String, String> environment = common(own);
        String prefix = "FEWBIT_" + service.key().toUpperCase(Locale.ROOT) + "_";
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(addresses.port(service)));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", addresses.bootstrapServers());
        if (service != StackService.GATEWAY) {
            environment.put(prefix + "STORE", directory.store().toString());
        }
        if (service != StackService.SANDBOX) {
            environment.put("QUARKUS_DATASOURCE_JDBC_URL", addresses.jdbcUrl());
            environment.put("QUARKUS_DATASOURCE_USERNAME", addresses.databaseUser());
            environment.put("QUARKUS_DATASOURCE_PASSWORD", addresses.databasePassword());
        }
        switch (service) {
            case GATEWAY -> environment.put(prefix + "EVALUATOR_URL", addresses.url(StackService.EVALUATOR));
            case EVALUATOR -> {
                environment.put(prefix + "SANDBOX_URL", addresses.url(StackService.SANDBOX));
                models(environment, prefix);
            }
            case QUANTIZER -> models(environment, prefix);
            case SANDBOX -> {
                // Its store and the broker are all it may know.
            }
        }
        own.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                environment.put(key, value);
            }
        });
        return environment;
    }

    private void models(Map<String, String> environment, String prefix) {
        environment.put(prefix + "ROOT", installation.root().toString());
        // The tokenizer library otherwise looks for a GPU and downloads a build for it.
        environment.put("RUST_FLAVOR", "cpu");
        environment.put("DJL_OFFLINE", "true");
        for (String key : GPU_KEYS) {
            if (own.containsKey(key)) {
                environment.put(key, own.get(key));
            }
        }
    }
}
