import com.sun.management.OperatingSystemMXBean;
import dev.fewbit.model.session.ArithmeticMode;
import dev.fewbit.model.session.BatchRows;
import dev.fewbit.model.session.Candidates;
import dev.fewbit.model.session.DecoderSession;
import dev.fewbit.model.session.SessionSettings;
import dev.fewbit.model.session.ThreadWaiting;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Time of decoding alone, as llama-batched-bench measures it: every slot holds a prompt, then each step appends a token to all of them. The
 * tokens are the likeliest; candidates of each row are read in Java. Prints a line of JSON.
 *
 * <p>{@code DecodeSpeed ARTIFACT MODE SLOTS THREADS WAITING ROWS PROMPT NEW REPEATS}
 */
final class DecodeSpeed {
    private DecodeSpeed() {}

    public static void main(String[] arguments) {
        Path artifact = Path.of(arguments[0]);
        int slots = Integer.parseInt(arguments[2]);
        int prompt = Integer.parseInt(arguments[6]);
        int steps = Integer.parseInt(arguments[7]);
        int repeats = Integer.parseInt(arguments[8]);
        SessionSettings settings = new SessionSettings(
                Integer.parseInt(arguments[3]),
                slots,
                prompt + steps,
                ArithmeticMode.valueOf(arguments[1]),
                ThreadWaiting.valueOf(arguments[4]),
                BatchRows.valueOf(arguments[5]),
                Path.of(System.getProperty("java.io.tmpdir")));
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        List<String> runs = new ArrayList<>();
        try (DecoderSession session = DecoderSession.open(artifact, settings)) {
            int[] tokens = new int[prompt];
            for (int i = 0; i < prompt; i++) {
                tokens[i] = 10 + i * 131 % 1900;
            }
            // The first run warms Java and the processor's caches and does not count.
            for (int repeat = 0; repeat <= repeats; repeat++) {
                int[] next = new int[slots];
                int[] lengths = new int[slots];
                for (int slot = 0; slot < slots; slot++) {
                    tokens[prompt - 1] = 10 + slot;
                    next[slot] = session.prefill(slot, tokens).ids()[0];
                    lengths[slot] = prompt;
                }
                long cpu = system.getProcessCpuTime();
                long begin = System.nanoTime();
                for (int step = 0; step < steps; step++) {
                    List<Candidates> candidates = session.decode(next, lengths);
                    for (int slot = 0; slot < slots; slot++) {
                        next[slot] = candidates.get(slot).ids()[0];
                        lengths[slot]++;
                    }
                }
                double seconds = (System.nanoTime() - begin) / 1e9;
                double processor = (system.getProcessCpuTime() - cpu) / 1e9;
                if (repeat > 0) {
                    runs.add("[" + seconds / steps + ", " + processor / steps + "]");
                }
            }
        }
        System.out.println("{\"steps\": " + runs + "}");
    }
}
