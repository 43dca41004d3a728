package dev.fewbit.launcher.stack;

import dev.fewbit.launcher.Installation;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.launcher.broker.KafkaBroker;
import dev.fewbit.launcher.database.PostgresServer;
import dev.fewbit.launcher.supervisor.ChildSpec;
import dev.fewbit.launcher.supervisor.HttpReadiness;
import dev.fewbit.launcher.supervisor.SupervisedChild;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Database, broker and the four services on one data directory. Whoever starts a stack must close it, from any thread and also
 * while it is still starting; closing twice does no harm.
 */
public final class Stack implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Stack.class);
    private static final Duration SERVICE_START_LIMIT = Duration.ofSeconds(120);
    private static final Duration SERVICE_STOP_LIMIT = Duration.ofSeconds(30);
    private static final String CONTROLLER_PORT = "controller";

    private final Installation installation;
    private final DataDirectory directory;
    private final Map<String, String> environment;
    private final Ports ports;
    private final ReentrantLock stopping = new ReentrantLock();
    private final List<SupervisedChild> infrastructure = new ArrayList<>();
    private final List<SupervisedChild> services = new ArrayList<>();
    private boolean closed;

    /**
     * A stack that is not yet started.
     *
     * @param data its directory, created where missing
     * @param gatewayPort the gateway's port, or empty for a free one kept in the directory
     * @param environment the user's, from which children get only what {@link ChildEnvironment} lets through
     */
    public Stack(Installation installation, Path data, OptionalInt gatewayPort, Map<String, String> environment) {
        if (gatewayPort.isPresent() && !Ports.free(gatewayPort.getAsInt())) {
            throw LauncherException.failed(
                    "port %d of 127.0.0.1 is taken; choose another".formatted(gatewayPort.getAsInt()));
        }
        this.installation = installation;
        this.directory = DataDirectory.open(data);
        this.environment = new HashMap<>(environment);
        List<String> names = new ArrayList<>(List.of(PostgresServer.NAME, KafkaBroker.NAME, CONTROLLER_PORT));
        for (StackService service : StackService.values()) {
            names.add(service.key());
        }
        this.ports = reserve(names, gatewayPort);
    }

    private Ports reserve(List<String> names, OptionalInt gatewayPort) {
        Set<Integer> promised = gatewayPort.isPresent() ? Set.of(gatewayPort.getAsInt()) : Set.of();
        try {
            return Ports.reserve(directory.file("ports.properties"), names, promised)
                    .with(StackService.GATEWAY.key(), gatewayPort);
        } catch (LauncherException e) {
            directory.close();
            throw e;
        }
    }

    /**
     * Starts everything and returns when every service is ready.
     *
     * @throws LauncherException when a part does not start; what was started is stopped before
     */
    public void start() throws InterruptedException {
        boolean started = false;
        try {
            StackAddresses addresses = startInfrastructure();
            startServices(addresses);
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    public DataDirectory directory() {
        return directory;
    }

    /** Where the gateway answers. */
    public URI gateway() {
        return URI.create("http://127.0.0.1:" + ports.of(StackService.GATEWAY.key()));
    }

    /** A child by its name: {@code database}, {@code broker} or a service's module. */
    public SupervisedChild child(String name) {
        return children().stream()
                .filter(child -> child.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no child is called " + name));
    }

    /** One line when a child was given up, so that waiting is in vain. */
    public Optional<String> failure() {
        return children().stream().flatMap(child -> child.failure().stream()).findFirst();
    }

    /** Stops the services, then broker, then database, and releases the directory. */
    @Override
    public void close() {
        stopping.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            stopTogether(copyOf(services));
            copyOf(infrastructure).reversed().forEach(SupervisedChild::stop);
            directory.close();
            LOGGER.atInfo().log("stack stopped");
        } finally {
            stopping.unlock();
        }
    }

    private StackAddresses startInfrastructure() throws InterruptedException {
        Map<String, String> common = ChildEnvironment.common(environment);
        KafkaBroker kafka = new KafkaBroker(
                directory.file(KafkaBroker.NAME),
                directory.log(KafkaBroker.NAME),
                ports.of(KafkaBroker.NAME),
                ports.of(CONTROLLER_PORT));
        SupervisedChild broker = new SupervisedChild(kafka.child(common));
        PostgresServer postgres = new PostgresServer(
                installation.cache(),
                directory.root(),
                directory.log(PostgresServer.NAME),
                ports.of(PostgresServer.NAME));
        // Stopped in the opposite order, the database last; the broker is the slower one and starts first.
        SupervisedChild database = new SupervisedChild(postgres.child(common));
        register(infrastructure, database);
        register(infrastructure, broker);
        launch(broker);
        postgres.prepare();
        launch(database);
        database.awaitReady(this::failure);
        broker.awaitReady(this::failure);
        return new StackAddresses(
                ports, kafka.bootstrapServers(), postgres.jdbcUrl(), PostgresServer.USER, postgres.password());
    }

    private void startServices(StackAddresses addresses) throws InterruptedException {
        ChildEnvironment environments = new ChildEnvironment(environment, installation, directory, addresses);
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (StackService service : StackService.values()) {
                SupervisedChild child = new SupervisedChild(serviceChild(service, environments, addresses, http));
                register(services, child);
                launch(child);
            }
            for (SupervisedChild child : copyOf(services)) {
                child.awaitReady(this::failure);
            }
        }
    }

    private ChildSpec serviceChild(
            StackService service, ChildEnvironment environments, StackAddresses addresses, HttpClient http) {
        return new ChildSpec(
                service.module(),
                new ServiceApplication(installation.serviceJar(service.module())).command(service),
                environments.of(service),
                directory.log(service.module()),
                "TERM",
                SERVICE_START_LIMIT,
                SERVICE_STOP_LIMIT,
                new HttpReadiness(http, addresses.port(service)));
    }

    private void launch(SupervisedChild child) {
        stopping.lock();
        try {
            if (closed) {
                throw LauncherException.failed("the stack is being stopped");
            }
            child.start();
        } finally {
            stopping.unlock();
        }
    }

    private void register(List<SupervisedChild> group, SupervisedChild child) {
        synchronized (group) {
            group.add(child);
        }
    }

    private List<SupervisedChild> children() {
        List<SupervisedChild> all = copyOf(infrastructure);
        all.addAll(copyOf(services));
        return all;
    }

    private static List<SupervisedChild> copyOf(List<SupervisedChild> group) {
        synchronized (group) {
            return new ArrayList<>(group);
        }
    }

    private static void stopTogether(List<SupervisedChild> children) {
        List<Thread> threads = children.stream()
                .map(child -> Thread.ofPlatform().name("stop-" + child.name()).start(child::stop))
                .toList();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
