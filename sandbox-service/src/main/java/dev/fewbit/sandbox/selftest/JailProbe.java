package dev.fewbit.sandbox.selftest;

import dev.fewbit.sandbox.isolation.Isolation;
import dev.fewbit.sandbox.isolation.IsolationException;
import dev.fewbit.sandbox.isolation.Jail;
import dev.fewbit.sandbox.isolation.JailLimits;
import dev.fewbit.sandbox.isolation.JailReport;
import dev.fewbit.sandbox.isolation.Stop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tries to get out of a real jail with a shell's means, and past each limit. */
final class JailProbe {
    private static final long MIB = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final List<String> NAMESPACES = List.of("user", "pid", "net", "mnt", "ipc", "uts");
    private static final String NO_CAPABILITIES = "0000000000000000";

    /** Prints {@code key=value} lines; what is refused leaves its value empty. */
    private static final String FACTS = """
            exec 2>/dev/null
            echo "canary=$(cat "$1")"
            echo "passwd=$(cat /etc/passwd /etc/shadow | head -c 20)"
            for n in user pid net mnt ipc uts; do echo "ns-$n=$(readlink /proc/self/ns/$n)"; done
            while read -r key value; do case $key in
              NoNewPrivs:|Seccomp:|CapEff:|CapBnd:|CapPrm:) echo "$key=$value";; esac; done < /proc/self/status
            read -r inside outside count < /proc/self/uid_map; echo "uid=$inside $outside $count"
            echo "interfaces=$(grep -c : /proc/net/dev)"
            echo "environment=$(tr '\\0' ' ' < /proc/1/environ)"
            (echo x > /probe) && echo "wrote=/"
            (echo x > /usr/probe) && echo "wrote=/usr"
            (echo x > /box/probe) && echo "wrote=/box"
            (echo x > /dev/probe) && echo "wrote=/dev"
            unshare -U true && echo "unshare=yes"
            mount -t tmpfs none /tmp && echo "mount=yes"
            (echo 1 > /proc/sys/user/max_user_namespaces) && echo "sysctl=yes"
            ls /proc/1/fd /proc/1/cwd/ > /dev/null && echo "pid1=yes"
            kill -9 1
            (setsid sleep 30 &)
            echo "end=yes"
            """;

    private final Isolation isolation;
    private final Path canaryDirectory;
    private final int slot;

    JailProbe(Isolation isolation, Path canaryDirectory, int slot) {
        this.isolation = isolation;
        this.canaryDirectory = canaryDirectory;
        this.slot = slot;
    }

    /** What did not hold, in words; empty when all did. */
    List<String> escapes() throws IsolationException, InterruptedException {
        Path canary = null;
        try {
            canary = Files.createTempFile(canaryDirectory, "canary", ".txt");
            Files.writeString(canary, "the canary");
            JailReport report = run(FACTS, limits(PATIENCE, PATIENCE, 128 * MIB, 32, 64 << 10), canary.toString());
            return escapes(report);
        } catch (IOException e) {
            throw new IsolationException("the self-test's canary cannot be placed: " + e.getMessage(), e);
        } finally {
            delete(canary);
        }
    }

    private List<String> escapes(JailReport report) throws IsolationException {
        Map<String, String> facts = new HashMap<>();
        for (String line : report.stdout().text().split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                facts.merge(line.substring(0, equals), line.substring(equals + 1), (a, b) -> a + " " + b);
            }
        }
        List<String> found = new ArrayList<>();
        expect(found, "the probe ran to its end", "yes", facts.get("end"));
        expect(found, "a file outside is unreadable", "", facts.get("canary"));
        expect(found, "/etc/passwd is not there", "", facts.get("passwd"));
        for (String namespace : NAMESPACES) {
            String inside = facts.getOrDefault("ns-" + namespace, "");
            if (inside.isEmpty() || inside.equals(ownNamespace(namespace))) {
                found.add("the jail has no " + namespace + " namespace of its own");
            }
        }
        expect(found, "NoNewPrivs", "1", facts.get("NoNewPrivs:"));
        expect(found, "Seccomp", "2", facts.get("Seccomp:"));
        for (String set : List.of("CapEff:", "CapPrm:", "CapBnd:")) {
            expect(found, set, NO_CAPABILITIES, facts.get(set));
        }
        expect(found, "the uid map", "65534 " + isolation.uidOf(slot) + " 1", facts.get("uid"));
        expect(found, "network interfaces, the loopback alone", "1", facts.get("interfaces"));
        expect(found, "what is readable of PID 1's environment", "", facts.get("environment"));
        for (String refused : List.of("wrote", "unshare", "mount", "sysctl", "pid1")) {
            expect(found, refused, null, facts.get(refused));
        }
        if (report.strays() < 1) {
            found.add("a daemon that the program left behind was not found and killed");
        }
        return found;
    }

    /** Limits that did not hold, in words. */
    List<String> brokenLimits() throws IsolationException, InterruptedException {
        List<String> found = new ArrayList<>();
        JailReport memory = run(
                "head -c 300000000 /dev/zero | tail -n 1 > /dev/null; sleep 0.1",
                limits(PATIENCE, PATIENCE, 64 * MIB, 32, 1024));
        if (!memory.memoryLimitHit()) {
            found.add("a tree of 64 MiB could hold 300 MB");
        }
        JailReport processes = run(
                "i=0; while [ $i -lt 100 ]; do sleep 5 & i=$((i+1)); done; exit 0",
                limits(PATIENCE, PATIENCE, 128 * MIB, 16, 64 << 10));
        if (processes.exitedCleanly()) {
            found.add("a jail of 16 processes could start 100");
        }
        expectStop(found, Stop.WALL_TIME, run("sleep 30", limits(PATIENCE, SHORT, 64 * MIB, 16, 1024)));
        expectStop(found, Stop.CPU_TIME, run("while :; do :; done", limits(SHORT, PATIENCE, 64 * MIB, 16, 1024)));
        expectStop(
                found,
                Stop.OUTPUT,
                run("while :; do echo flood; done", limits(PATIENCE, PATIENCE, 64 * MIB, 16, 4096)));
        return found;
    }

    private static JailLimits limits(Duration cpu, Duration wall, long memory, int processes, long output) {
        return new JailLimits(cpu, wall, memory, 1024 * MIB, processes, output, 16 * MIB);
    }

    private JailReport run(String script, JailLimits limits, String... arguments)
            throws IsolationException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "probe"));
        command.addAll(List.of(arguments));
        return isolation.run(new Jail(command, Map.of(), List.of(), limits, false), slot, new byte[0]);
    }

    private static void expect(List<String> found, String what, String expected, String actual) {
        if (expected == null ? actual != null : !expected.equals(actual == null ? null : actual.strip())) {
            found.add(what + ": expected " + (expected == null ? "nothing" : '"' + expected + '"') + ", found "
                    + (actual == null ? "nothing" : '"' + actual + '"'));
        }
    }

    private static void expectStop(List<String> found, Stop expected, JailReport report) {
        if (report.stop() != expected) {
            found.add("the limit " + expected + " did not hold, the program ended by " + report.stop());
        }
    }

    private static String ownNamespace(String name) throws IsolationException {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns", name)).toString();
        } catch (IOException e) {
            throw new IsolationException("the service's own " + name + " namespace cannot be read", e);
        }
    }

    private static void delete(Path canary) throws IsolationException {
        try {
            if (canary != null) {
                Files.deleteIfExists(canary);
            }
        } catch (IOException e) {
            throw new IsolationException("the self-test's canary cannot be removed: " + e.getMessage(), e);
        }
    }
}
