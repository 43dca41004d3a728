package dev.fewbit.sandbox.isolation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;

/** Reads a stream of a jail up to a limit and says at once when it is passed. */
final class OutputCapture implements Callable<CapturedOutput> {
    private final InputStream in;
    private final long limit;
    private final Runnable onOverflow;

    OutputCapture(InputStream in, long limit, Runnable onOverflow) {
        this.in = in;
        this.limit = limit;
        this.onOverflow = onOverflow;
    }

    @Override
    public CapturedOutput call() {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        boolean overflowed = false;
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                kept.write(buffer, 0, (int) Math.min(n, limit - kept.size()));
                if (n > 0 && kept.size() >= limit && !overflowed) {
                    overflowed = true;
                    onOverflow.run();
                }
            }
        } catch (IOException e) {
            // The jail was killed under the reader: what was read is what there is.
            return new CapturedOutput(kept.toByteArray(), overflowed);
        }
        return new CapturedOutput(kept.toByteArray(), overflowed);
    }
}
