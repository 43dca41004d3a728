package dev.fewbit.launcher.stack;

import dev.fewbit.launcher.LauncherException;
import dev.fewbit.objectstore.DurableFiles;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of a stack on the loopback address. They are kept in a file and used again by the next run while they are free, so that a
 * restarted broker is where its clients look for it.
 */
public final class Ports {
    /** Below the kernel's range for outgoing connections, which could otherwise take a port while its child is restarted. */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 32_000;
    private static final int MOST_TRIES = 1_000;

    private final Map<String, Integer> ports;

    private Ports(Map<String, Integer> ports) {
        this.ports = Map.copyOf(ports);
    }

    /** Ports for {@code names}, from {@code file} where they are free and drawn anew where not; the file is written back. */
    public static Ports reserve(Path file, List<String> names) {
        return reserve(file, names, Set.of());
    }

    /** As above, none of them one of {@code others}: free as well, but promised to somebody else. */
    static Ports reserve(Path file, List<String> names, Set<Integer> others) {
        Properties known = read(file);
        Map<String, Integer> chosen = new LinkedHashMap<>();
        for (String name : names) {
            Set<Integer> taken = new HashSet<>(others);
            taken.addAll(chosen.values());
            int kept = number(known.getProperty(name));
            chosen.put(name, kept > 0 && !taken.contains(kept) && free(kept) ? kept : draw(taken));
        }
        chosen.forEach((name, port) -> known.setProperty(name, Integer.toString(port)));
        StringWriter text = new StringWriter();
        try {
            known.store(text, null);
            DurableFiles.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw LauncherException.failed("%s cannot be written: %s".formatted(file, e.getMessage()), e);
        }
        return new Ports(chosen);
    }

    /** Whether a server can listen on {@code port} of the loopback address. */
    public static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            // The only way to ask is to try: an exception is the answer "no".
            return false;
        }
    }

    /** These ports with that of {@code name} set by the user for this run, if {@code port} is there. */
    Ports with(String name, OptionalInt port) {
        Map<String, Integer> changed = new LinkedHashMap<>(ports);
        port.ifPresent(number -> changed.put(name, number));
        return new Ports(changed);
    }

    public int of(String name) {
        Integer port = ports.get(name);
        if (port == null) {
            throw new IllegalArgumentException("no port was reserved for " + name);
        }
        return port;
    }

    private static int draw(Set<Integer> taken) {
        for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (!taken.contains(port) && free(port)) {
                return port;
            }
        }
        throw LauncherException.failed("no free port between %d and %d on 127.0.0.1".formatted(LOWEST, HIGHEST));
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException e) {
                throw LauncherException.failed("%s cannot be read: %s".formatted(file, e.getMessage()), e);
            }
        }
        return properties;
    }

    private static int number(String text) {
        return text != null && text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    }
}
