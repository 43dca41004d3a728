package dev.fewbit.sandbox.isolation;

import dev.fewbit.sandbox.isolation.cgroup.SlotGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The argument list that builds a jail: {@code sbinit launch} outside, bubblewrap, {@code sbinit init} inside, the program. The
 * traps it steps around are told in {@code docs/sandbox.md}.
 */
final class BubblewrapCommand {
    private static final List<String> SYSTEM_DIRECTORIES = List.of("bin", "sbin", "lib", "lib32", "lib64");
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom");
    /** Beside the program: bubblewrap's monitor, {@code sbinit} and room for the moment between fork and exit. */
    private static final int OWN_PROCESSES = 4;

    private static final String USER = "65534";

    private final Path bubblewrap;
    private final JailFiles files;
    private final boolean root;

    BubblewrapCommand(Path bubblewrap, JailFiles files, boolean root) {
        this.bubblewrap = bubblewrap;
        this.files = files;
        this.root = root;
    }

    /** Processes that a control group must allow so that the program may have {@code processes}. */
    static int withOwn(int processes) {
        return processes + OWN_PROCESSES;
    }

    /**
     * @param uid that the jail is built as, 0 to keep the service's own
     * @param watchMemory whether {@code sbinit} is what limits memory
     */
    List<String> of(Jail jail, int slot, int uid, SlotGroup group, boolean watchMemory) throws IOException {
        List<String> command = new ArrayList<>();
        add(command, files.helper(), "launch", "-o", files.status(slot), "-b", files.filter());
        if (jail.judged()) {
            add(command, "-r", files.report(slot));
        }
        group.joinFiles().forEach(file -> add(command, "-g", file));
        if (uid != 0) {
            add(command, "-u", uid);
        }
        List<Mount> mounts = staged(command, jail.mounts());
        add(command, "--", bubblewrap);
        namespaces(command);
        fileSystem(command, mounts);
        environment(command, jail);
        // For sbinit alone: it mounts /tmp, forbids user namespaces and drops everything before it forks.
        add(command, "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SYS_RESOURCE");
        add(command, "--cap-add", "CAP_SETPCAP", "--uid", USER, "--gid", USER, "--hostname", "jail", "--chdir", "/tmp");
        add(command, "--", "/sbinit");
        init(command, jail, watchMemory);
        add(command, "--");
        command.addAll(jail.command());
        return command;
    }

    private static void namespaces(List<String> command) {
        add(command, "--as-pid-1", "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session");
    }

    private void fileSystem(List<String> command, List<Mount> mounts) throws IOException {
        add(command, "--ro-bind", "/usr", "/usr");
        for (String name : SYSTEM_DIRECTORIES) {
            Path directory = Path.of("/", name);
            if (Files.isSymbolicLink(directory)) {
                add(command, "--symlink", Files.readSymbolicLink(directory), directory);
            } else if (Files.isDirectory(directory)) {
                add(command, "--ro-bind", directory, directory);
            }
        }
        for (String file : List.of("/etc/alternatives", "/etc/ld.so.cache")) {
            add(command, "--ro-bind-try", file, file);
        }
        add(command, "--proc", "/proc", "--tmpfs", "/dev");
        for (String device : DEVICES) {
            add(command, "--dev-bind", "/dev/" + device, "/dev/" + device);
        }
        add(command, "--symlink", "/proc/self/fd", "/dev/fd");
        add(command, "--symlink", "/proc/self/fd/0", "/dev/stdin");
        add(command, "--symlink", "/proc/self/fd/1", "/dev/stdout");
        add(command, "--symlink", "/proc/self/fd/2", "/dev/stderr");
        add(command, "--dir", "/dev/shm", "--remount-ro", "/dev"); // sbinit mounts it
        add(command, "--dir", "/tmp", "--ro-bind", files.helper(), "/sbinit");
        mounts.forEach(mount -> add(command, "--ro-bind", mount.host(), mount.jail()));
        add(command, "--remount-ro", "/");
    }

    private static void environment(List<String> command, Jail jail) {
        add(command, "--clearenv", "--setenv", "PATH", "/usr/bin:/bin");
        add(command, "--setenv", "HOME", "/tmp", "--setenv", "LANG", "C.UTF-8");
        for (Map.Entry<String, String> variable : jail.environment().entrySet()) {
            add(command, "--setenv", variable.getKey(), variable.getValue());
        }
    }

    private static void init(List<String> command, Jail jail, boolean watchMemory) {
        JailLimits limits = jail.limits();
        add(command, "init", "-w", limits.wallTime().toMillis());
        add(command, "-t", limits.cpuTime().toMillis(), "-m", watchMemory ? limits.memoryBytes() : 0);
        add(command, "-a", limits.addressSpaceBytes(), "-f", limits.fileBytes(), "-n", JailLimits.OPEN_FILES);
        add(command, "-p", limits.processes() + 2, "-S", limits.tmpBytes(), "-I", JailLimits.TMP_INODES);
        if (jail.judged()) {
            add(command, "-r");
        }
    }

    /**
     * As root, bubblewrap runs as a user who cannot enter a closed directory such as a home: what lies in one is mounted at a path
     * of ours first, in a mount namespace that only this jail has.
     */
    private List<Mount> staged(List<String> command, List<Mount> mounts) throws IOException {
        if (!root) {
            return mounts;
        }
        List<Mount> reachable = new ArrayList<>();
        for (Mount mount : mounts) {
            if (Files.isDirectory(mount.host()) && !openToAll(mount.host())) {
                Path stage = files.stage(reachable.size());
                add(command, "-B", mount.host() + ":" + stage);
                reachable.add(new Mount(stage, mount.jail()));
            } else {
                reachable.add(mount);
            }
        }
        return reachable;
    }

    private static boolean openToAll(Path directory) throws IOException {
        for (Path at = directory.toRealPath(); at != null; at = at.getParent()) {
            if (!Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    private static void add(List<String> command, Object... words) {
        for (Object word : words) {
            command.add(word.toString());
        }
    }
}
