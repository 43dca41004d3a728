package dev.fewbit.gateway;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Settings of the gateway. Each is also an environment variable: {@code FEWBIT_GATEWAY_EVALUATOR_URL}. */
@ConfigMapping(prefix = "fewbit.gateway")
public interface GatewayConfig {

    /** Where the evaluator's HTTP API is; default {@code http://127.0.0.1:8083}. Samples are fetched there. */
    @WithDefault("http://127.0.0.1:8083")
    URI evaluatorUrl();

    /** How long the gateway waits for a connection to the evaluator; default 5 s. */
    @WithDefault("5s")
    Duration evaluatorConnectTimeout();

    /** How long the evaluator may take until its answer begins; default 30 s. The body may take as long as it needs. */
    @WithDefault("30s")
    Duration evaluatorAnswerTimeout();

    /** What a study may ask for. */
    Limits limits();

    /** The stream of a study's events. */
    Events events();

    /** The outbox and inbox. */
    Messages messages();

    interface Limits {
        /** Largest study file; default 1 MiB, thousands of times a usual one. */
        @WithDefault("1M")
        MemorySize studyFile();

        /** Most cells of a study; default 10000. Each is a row and an event. */
        @WithDefault("10000")
        int cells();

        /** Most studies that one page of the list shows; default 500. */
        @WithDefault("500")
        int listedStudies();
    }

    interface Events {
        /** Shortest time between two events of a study; default 250 ms, four a second. */
        @WithDefault("250ms")
        Duration interval();

        /** How often a comment is sent so that proxies keep the connection; default 15 s. */
        @WithDefault("15s")
        Duration heartbeat();
    }

    interface Messages {
        /** How long sent and received messages are remembered; default 7 days, longer than a broker redelivers. */
        @WithDefault("7d")
        Duration retention();

        /** How long the broker may take to confirm a message before it is sent again; default 30 s. */
        @WithDefault("30s")
        Duration sendTimeout();
    }
}
