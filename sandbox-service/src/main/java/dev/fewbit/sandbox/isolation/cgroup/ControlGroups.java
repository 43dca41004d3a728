package dev.fewbit.sandbox.isolation.cgroup;

import static java.lang.System.Logger.Level.DEBUG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A control group a slot, below the one the service lives in; kept while the service runs, because making one and taking it away
 * again costs more than a short program.
 */
public final class ControlGroups implements TreeLimiter {
    private static final System.Logger LOGGER = System.getLogger(ControlGroups.class.getName());
    private static final String PREFIX = "fewbit-sandbox-";
    private static final Duration REMOVAL_PATIENCE = Duration.ofSeconds(2);
    private static final Duration REMOVAL_PAUSE = Duration.ofMillis(10);

    private final String mode;
    private final Layout layout;
    private final Map<Integer, Group> groups = new ConcurrentHashMap<>();

    private ControlGroups(Layout layout) {
        this.layout = layout;
        this.mode = layout.mode();
    }

    /** The best limiter this process can have: found by making a group, setting its limits and taking it away. */
    public static TreeLimiter detect() {
        List<Layout> layouts;
        try {
            layouts = Layout.candidates(Path.of("/proc/self/cgroup"), Path.of("/proc/self/mountinfo"));
        } catch (IOException e) {
            LOGGER.log(DEBUG, "control groups cannot be listed: {0}", e.getMessage());
            return new Watchdog();
        }
        for (Layout layout : layouts) {
            ControlGroups groups = new ControlGroups(layout);
            try {
                groups.removeLeftovers();
                layout.enable();
                groups.slot(0).prepare(64L << 20, 64);
                groups.slot(0).memoryLimitHit();
                return groups;
            } catch (IOException | UncheckedIOException e) {
                LOGGER.log(DEBUG, "{0} is not usable: {1}", layout.mode(), e.getMessage());
                groups.close();
            }
        }
        return new Watchdog();
    }

    @Override
    public String mode() {
        return mode;
    }

    @Override
    public SlotGroup slot(int slot) {
        return groups.computeIfAbsent(slot, this::make);
    }

    private Group make(int slot) {
        String name = PREFIX + ProcessHandle.current().pid() + "-" + slot;
        List<Path> directories = new ArrayList<>();
        try {
            for (Path parent : layout.parents()) {
                Path directory = parent.resolve(name);
                Files.createDirectory(directory);
                directories.add(directory);
            }
        } catch (IOException e) {
            directories.forEach(ControlGroups::remove);
            throw new UncheckedIOException(e);
        }
        return new Group(layout, directories);
    }

    /** Groups of services that were killed stay behind, empty. */
    private void removeLeftovers() throws IOException {
        for (Path parent : layout.parents()) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
                for (Path directory : found) {
                    String pid = directory
                            .getFileName()
                            .toString()
                            .substring(PREFIX.length())
                            .split("-")[0];
                    if (pid.matches("\\d{1,9}")
                            && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                        remove(directory);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        for (Group group : groups.values()) {
            group.directories.forEach(ControlGroups::remove);
        }
        groups.clear();
    }

    /** A group can be removed when its last process is gone, which may be a moment after that was killed. */
    private static void remove(Path directory) {
        long deadline = System.nanoTime() + REMOVAL_PATIENCE.toNanos();
        while (true) {
            try {
                Files.deleteIfExists(directory);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                    LOGGER.log(DEBUG, "control group {0} stays behind: {1}", directory, e.getMessage());
                    return;
                }
                LockSupport.parkNanos(REMOVAL_PAUSE.toNanos());
            }
        }
    }

    private static final class Group implements SlotGroup {
        private final Layout layout;
        private final List<Path> directories;
        private long hitsBefore;
        private long memoryBytes;
        private int processes;

        private Group(Layout layout, List<Path> directories) {
            this.layout = layout;
            this.directories = directories;
        }

        @Override
        public List<Path> joinFiles() {
            return directories.stream().map(d -> d.resolve("cgroup.procs")).toList();
        }

        @Override
        public void prepare(long memory, int tasks) throws IOException {
            if (memory != memoryBytes) {
                layout.limitMemory(directories, memory);
                memoryBytes = memory;
            }
            if (tasks != processes) {
                layout.limitProcesses(directories, tasks);
                processes = tasks;
            }
            hitsBefore = layout.memoryHits(directories);
        }

        @Override
        public boolean memoryLimitHit() throws IOException {
            return layout.memoryHits(directories) > hitsBefore;
        }
    }
}
