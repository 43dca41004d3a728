package dev.fewbit.sandbox.language;

import dev.fewbit.sandbox.isolation.Isolation;
import dev.fewbit.sandbox.isolation.IsolationException;
import dev.fewbit.sandbox.isolation.Jail;
import dev.fewbit.sandbox.isolation.JailedProcess;
import dev.fewbit.sandbox.jailed.CompilerWorker;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One jailed compiler process that serves many programs, one at a time, and is replaced after a number of them or any surprise. It
 * holds nothing of the service's: no environment, no file but the JDK, no network. Used by one thread at a time.
 */
final class WarmCompiler implements AutoCloseable {
    private static final int LARGEST_ANSWER = 64 << 20;

    private final Isolation isolation;
    private final Jail jail;
    private final int slot;
    private final int replaceAfter;
    private final Duration timeout;
    private final ScheduledExecutorService deadlines;
    private JailedProcess process;
    private DataInputStream in;
    private DataOutputStream out;
    private int served;

    WarmCompiler(
            Isolation isolation,
            Jail jail,
            int slot,
            int replaceAfter,
            Duration timeout,
            ScheduledExecutorService deadlines) {
        this.isolation = isolation;
        this.jail = jail;
        this.slot = slot;
        this.replaceAfter = replaceAfter;
        this.timeout = timeout;
        this.deadlines = deadlines;
    }

    /** Whether the next program meets a process that has compiled nothing yet. */
    boolean isFresh() {
        return process == null || served == 0;
    }

    /** @throws IsolationException when the process could not be started or died */
    Compilation compile(String program, String tests, int release) throws IsolationException, InterruptedException {
        if (process == null || !process.isAlive()) {
            start();
        }
        JailedProcess current = process;
        Future<?> deadline = deadlines.schedule(current::close, timeout.toMillis(), TimeUnit.MILLISECONDS);
        boolean inTime;
        Compilation answer = null;
        String failure = "";
        try {
            answer = exchange(program, tests, release);
        } catch (IOException e) {
            failure = e.getMessage() == null ? "it closed its output" : e.getMessage();
        } finally {
            inTime = deadline.cancel(false);
        }
        served++;
        if (answer == null || answer instanceof Compilation.Surprised || served >= replaceAfter) {
            close();
        }
        if (answer != null) {
            return answer;
        }
        if (!inTime) {
            return new Compilation.Surprised("the compiler did not end within " + timeout.toSeconds() + " s");
        }
        throw new IsolationException("the compiler process died: " + failure);
    }

    private void start() throws IsolationException, InterruptedException {
        close();
        process = isolation.start(jail, slot);
        in = new DataInputStream(process.stdout());
        out = new DataOutputStream(process.stdin());
        served = 0;
    }

    private Compilation exchange(String program, String tests, int release) throws IOException {
        byte[] first = program.getBytes(StandardCharsets.UTF_8);
        byte[] second = tests == null ? new byte[0] : tests.getBytes(StandardCharsets.UTF_8);
        out.writeInt(release);
        out.writeInt(first.length);
        out.writeInt(tests == null ? -1 : second.length);
        out.write(first);
        out.write(second);
        out.flush();
        int kind = in.readByte();
        if (kind == CompilerWorker.COMPILED) {
            return new Compilation.Compiled(readClasses());
        }
        byte[] text = readBlock();
        String message = new String(text, StandardCharsets.UTF_8);
        return kind == CompilerWorker.REFUSED ? new Compilation.Refused(message) : new Compilation.Surprised(message);
    }

    private byte[] readClasses() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream classes = new DataOutputStream(bytes);
        classes.writeUTF(in.readUTF());
        int count = in.readInt();
        classes.writeInt(count);
        for (int i = 0; i < count; i++) {
            classes.writeUTF(in.readUTF());
            byte[] block = readBlock();
            classes.writeInt(block.length);
            classes.write(block);
        }
        return bytes.toByteArray();
    }

    private byte[] readBlock() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LARGEST_ANSWER) {
            throw new IOException("it announced a block of " + length + " bytes");
        }
        byte[] block = new byte[length];
        in.readFully(block);
        return block;
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
            process = null;
        }
    }
}
