package dev.fewbit.sandbox.isolation.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a version of control groups keeps what we need, and under which names. */
sealed interface Layout {

    String mode();

    /** The service's own groups, below which a slot's are made. */
    List<Path> parents();

    /** Lets children have the controllers. */
    void enable() throws IOException;

    void limitMemory(List<Path> directories, long bytes) throws IOException;

    void limitProcesses(List<Path> directories, int tasks) throws IOException;

    /** Times that the memory limit killed a process, ever. */
    long memoryHits(List<Path> directories) throws IOException;

    /** What this machine may have, best first; whether it can be used is found by using it. */
    static List<Layout> candidates(Path selfCgroup, Path mountInfo) throws IOException {
        List<String> groups = Files.readAllLines(selfCgroup);
        List<String> mounts = Files.readAllLines(mountInfo);
        List<Layout> found = new ArrayList<>();
        directory(groups, mounts, "cgroup2", "").ifPresent(root -> found.add(new Version2(root)));
        Optional<Path> memory = directory(groups, mounts, "cgroup", "memory");
        Optional<Path> pids = directory(groups, mounts, "cgroup", "pids");
        if (memory.isPresent() && pids.isPresent()) {
            found.add(new Version1(memory.get(), pids.get()));
        }
        return found;
    }

    /**
     * The service's directory of a controller: its line in {@code /proc/self/cgroup} ({@code id:controllers:path}) below the mount
     * in {@code /proc/self/mountinfo} (root at 3, mount point at 4, type and super options after the dash).
     */
    private static Optional<Path> directory(List<String> groups, List<String> mounts, String type, String controller) {
        for (String mount : mounts) {
            String[] halves = mount.split(" - ", 2);
            String[] left = halves[0].split(" ");
            String[] right = halves[1].split(" ");
            boolean matches = right[0].equals(type)
                    && (controller.isEmpty() || List.of(right[2].split(",")).contains(controller));
            if (matches) {
                for (String group : groups) {
                    String[] parts = group.split(":", 3);
                    if (List.of(parts[1].split(",", -1)).contains(controller)) {
                        String path = parts[2];
                        if (path.startsWith(left[3])) {
                            path = path.substring(left[3].length());
                        }
                        return Optional.of(Path.of(left[4]).resolve(path.replaceFirst("^/+", "")));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static long counter(Path file, String key) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(key + " ")) {
                return Long.parseLong(line.substring(key.length() + 1).strip());
            }
        }
        throw new IOException(file + " has no " + key);
    }

    record Version2(Path parent) implements Layout {
        @Override
        public String mode() {
            return "cgroup-v2";
        }

        @Override
        public List<Path> parents() {
            return List.of(parent);
        }

        @Override
        public void enable() throws IOException {
            Files.writeString(parent.resolve("cgroup.subtree_control"), "+memory +pids");
        }

        @Override
        public void limitMemory(List<Path> directories, long bytes) throws IOException {
            Path group = directories.getFirst();
            Files.writeString(group.resolve("memory.max"), Long.toString(bytes));
            Files.writeString(group.resolve("memory.oom.group"), "0");
            try {
                Files.writeString(group.resolve("memory.swap.max"), "0");
            } catch (NoSuchFileException e) {
                return; // a kernel without swap accounting has no swap to keep the tree from
            }
        }

        @Override
        public void limitProcesses(List<Path> directories, int tasks) throws IOException {
            Files.writeString(directories.getFirst().resolve("pids.max"), Integer.toString(tasks));
        }

        @Override
        public long memoryHits(List<Path> directories) throws IOException {
            return counter(directories.getFirst().resolve("memory.events"), "oom_kill");
        }
    }

    record Version1(Path memory, Path pids) implements Layout {
        @Override
        public String mode() {
            return "cgroup-v1";
        }

        @Override
        public List<Path> parents() {
            return List.of(memory, pids);
        }

        @Override
        public void enable() {
            // Children of version 1 have the controllers of their hierarchy.
        }

        @Override
        public void limitMemory(List<Path> directories, long bytes) throws IOException {
            Path group = directories.getFirst();
            Path withSwap = group.resolve("memory.memsw.limit_in_bytes");
            Path plain = group.resolve("memory.limit_in_bytes");
            if (Files.exists(withSwap)) {
                Files.writeString(withSwap, "-1"); // the plain limit may never be above the one with swap
            }
            Files.writeString(plain, Long.toString(bytes));
            if (Files.exists(withSwap)) {
                Files.writeString(withSwap, Long.toString(bytes));
            }
        }

        @Override
        public void limitProcesses(List<Path> directories, int tasks) throws IOException {
            Files.writeString(directories.getLast().resolve("pids.max"), Integer.toString(tasks));
        }

        @Override
        public long memoryHits(List<Path> directories) throws IOException {
            return counter(directories.getFirst().resolve("memory.oom_control"), "oom_kill");
        }
    }
}
