package dev.fewbit.sandbox.isolation;

import dev.fewbit.sandbox.isolation.cgroup.ControlGroups;
import dev.fewbit.sandbox.isolation.cgroup.SlotGroup;
import dev.fewbit.sandbox.isolation.cgroup.TreeLimiter;
import dev.fewbit.sandbox.isolation.cgroup.Watchdog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Jails by bubblewrap and {@code sbinit}; works as root, which it leaves for a uid a slot, and as an ordinary user. */
public final class BubblewrapIsolation implements Isolation {
    private static final int LOWEST_UID = 1000;
    private static final int HIGHEST_UID = 1 << 30;
    /** The service kills a jail this long after the jail should have ended itself. */
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** Everything in the jail is dead when its output is waited for. */
    private static final Duration OUTPUT_GRACE = Duration.ofSeconds(1);

    private final JailFiles files;
    private final TreeLimiter limiter;
    private final boolean root;
    private final int ownUid;
    private final int firstUid;
    private final BubblewrapCommand commands;
    private final Set<Process> living = ConcurrentHashMap.newKeySet();

    /**
     * bubblewrap dies with the thread that started it ({@code PR_SET_PDEATHSIG} watches a thread, not a process), so jails are
     * started by one that lives as long as the service.
     */
    private final ExecutorService spawner = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("jail-spawner").factory());

    private final ExecutorService readers = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("jail-output-", 0).factory());
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("jail-deadline").factory());

    private BubblewrapIsolation(Path bubblewrap, JailFiles files, TreeLimiter limiter, int ownUid, int firstUid) {
        this.files = files;
        this.limiter = limiter;
        this.ownUid = ownUid;
        this.root = ownUid == 0;
        this.firstUid = firstUid;
        this.commands = new BubblewrapCommand(bubblewrap, files, root);
    }

    /**
     * Finds what this machine has to build jails with. Whether they hold is the self-test's question.
     *
     * @param files of the jails
     * @param path directories to look for bubblewrap in, joined by {@code :}
     * @param firstUid of the range that slots get as root
     * @param cgroups whether control groups may be used where they can
     * @throws IsolationException when there is no bubblewrap, or root has no uids to drop to
     */
    public static BubblewrapIsolation open(JailFiles files, String path, int firstUid, boolean cgroups)
            throws IsolationException {
        Path bubblewrap = find(path);
        int uid;
        try {
            uid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new IsolationException("the service's own uid cannot be read from /proc/self", e);
        }
        if (uid == 0 && (firstUid < LOWEST_UID || firstUid > HIGHEST_UID)) {
            throw new IsolationException("fewbit.sandbox.first-uid is " + firstUid + "; as root it must be "
                    + LOWEST_UID + " to " + HIGHEST_UID + ", the first of a range of users that nothing else has");
        }
        TreeLimiter limiter = cgroups ? ControlGroups.detect() : new Watchdog();
        return new BubblewrapIsolation(bubblewrap, files, limiter, uid, firstUid);
    }

    private static Path find(String path) throws IsolationException {
        for (String directory : path.split(":")) {
            Path candidate = Path.of(directory, "bwrap");
            if (Files.isExecutable(candidate)) {
                return candidate.toAbsolutePath();
            }
        }
        throw new IsolationException("bubblewrap is not installed: no bwrap in " + path
                + "; on Debian or Ubuntu: apt-get install bubblewrap");
    }

    @Override
    public String mode() {
        return "bubblewrap+seccomp+" + limiter.mode();
    }

    @Override
    public int uidOf(int slot) {
        return root ? firstUid + slot : ownUid;
    }

    @Override
    public JailReport run(Jail jail, int slot, byte[] stdin) throws IsolationException, InterruptedException {
        SlotGroup group = limiter.slot(slot);
        long begin = System.nanoTime();
        Process process = spawn(jail, slot, group, ProcessBuilder.Redirect.PIPE);
        AtomicReference<Stop> stopped = new AtomicReference<>(Stop.NONE);
        Duration wallTime = jail.limits().wallTime();
        Future<?> deadline = deadlines.schedule(
                () -> kill(process, stopped, Stop.WALL_TIME),
                wallTime.plus(GRACE).toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            long cap = jail.limits().outputBytes();
            Runnable overflow = () -> kill(process, stopped, Stop.OUTPUT);
            Future<CapturedOutput> out = readers.submit(new OutputCapture(process.getInputStream(), cap, overflow));
            Future<CapturedOutput> err = readers.submit(new OutputCapture(process.getErrorStream(), cap, overflow));
            feed(process, stdin);
            process.waitFor();
            CapturedOutput stdout = await(out);
            CapturedOutput stderr = await(err);
            Duration wall = Duration.ofNanos(System.nanoTime() - begin);
            if (stdout.overflowed() || stderr.overflowed()) {
                return overflowed(slot, wall, stdout, stderr);
            }
            if (stopped.get() == Stop.WALL_TIME) {
                throw new IsolationException("the jail did not end within its limit of " + wallTime + " and " + GRACE);
            }
            return report(jail, slot, group, wall, stdout, stderr);
        } catch (IOException e) {
            throw new IsolationException("the jail's status cannot be read: " + e.getMessage(), e);
        } finally {
            deadline.cancel(false);
            if (process.isAlive()) {
                process.destroyForcibly();
            }
            living.remove(process);
        }
    }

    @Override
    public JailedProcess start(Jail jail, int slot) throws IsolationException, InterruptedException {
        Process process = spawn(jail, slot, limiter.slot(slot), ProcessBuilder.Redirect.DISCARD);
        process.onExit().thenAccept(living::remove);
        return new JailedProcess(process);
    }

    private Process spawn(Jail jail, int slot, SlotGroup group, ProcessBuilder.Redirect stderr)
            throws IsolationException, InterruptedException {
        try {
            JailLimits limits = jail.limits();
            group.prepare(limits.memoryBytes(), BubblewrapCommand.withOwn(limits.processes()));
            Files.deleteIfExists(files.status(slot));
            int uid = root ? uidOf(slot) : 0;
            List<String> command = commands.of(jail, slot, uid, group, limiter instanceof Watchdog);
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(stderr);
            builder.environment().clear();
            Process process = spawner.submit(builder::start).get();
            living.add(process);
            return process;
        } catch (IOException | ExecutionException e) {
            throw new IsolationException("the jail could not be started: " + e.getMessage(), e);
        }
    }

    private static void kill(Process process, AtomicReference<Stop> stopped, Stop why) {
        if (stopped.compareAndSet(Stop.NONE, why)) {
            process.destroyForcibly();
        }
    }

    private static void feed(Process process, byte[] stdin) {
        try (OutputStream out = process.getOutputStream()) {
            out.write(stdin);
        } catch (IOException e) {
            return; // the program ended before it read its input; its status says how
        }
    }

    private static CapturedOutput await(Future<CapturedOutput> output) throws InterruptedException, IsolationException {
        try {
            return output.get(OUTPUT_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            output.cancel(true);
            throw new IsolationException("the jail's output stayed open after its end", e);
        } catch (ExecutionException e) {
            throw new IsolationException("the jail's output could not be read", e);
        }
    }

    /** The jail was killed for its output, as a rule before it could write a status. */
    private JailReport overflowed(int slot, Duration wall, CapturedOutput stdout, CapturedOutput stderr)
            throws IOException {
        Duration cpu = Duration.ZERO;
        long peak = 0;
        try {
            JailStatus status = JailStatus.parse(read(files.status(slot)));
            cpu = status.cpuTime();
            peak = status.peakBytes();
        } catch (IsolationException e) {
            // Killed: there is no status, and what it used is not known.
            cpu = Duration.ZERO;
        }
        return new JailReport(null, null, Stop.OUTPUT, false, wall, cpu, peak, 0, stdout, stderr, "");
    }

    private JailReport report(
            Jail jail, int slot, SlotGroup group, Duration wall, CapturedOutput stdout, CapturedOutput stderr)
            throws IOException, IsolationException {
        String text = read(files.status(slot));
        if (text.isEmpty() && group.memoryLimitHit()) {
            // Kernel memory of the program's can leave the limit nothing to kill but the jail itself.
            return new JailReport(
                    null,
                    null,
                    Stop.MEMORY,
                    true,
                    wall,
                    Duration.ZERO,
                    jail.limits().memoryBytes(),
                    0,
                    stdout,
                    stderr,
                    "");
        }
        if (text.isEmpty()) {
            throw new IsolationException("the jail ended without a status: "
                    + stderr.text().lines().findFirst().orElse("it said nothing"));
        }
        JailStatus status = JailStatus.parse(text);
        return new JailReport(
                status.exitStatus(),
                status.signal(),
                status.stop(),
                status.stop() == Stop.MEMORY || group.memoryLimitHit(),
                status.wallTime(),
                status.cpuTime(),
                status.peakBytes(),
                status.strays(),
                stdout,
                stderr,
                jail.judged() ? read(files.report(slot)) : "");
    }

    private static String read(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    @Override
    public void close() {
        living.forEach(Process::destroyForcibly);
        for (Process process : living) {
            process.onExit()
                    .orTimeout(GRACE.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(late -> process)
                    .join();
        }
        spawner.shutdown();
        readers.shutdownNow();
        deadlines.shutdownNow();
        limiter.close();
    }
}
