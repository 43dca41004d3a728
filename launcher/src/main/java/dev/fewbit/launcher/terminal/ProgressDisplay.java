package dev.fewbit.launcher.terminal;

import dev.fewbit.contracts.study.Stage;
import dev.fewbit.contracts.study.StageProgress;
import dev.fewbit.contracts.study.StudyView;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A line a stage with counts, rate and time left. On a terminal the lines are redrawn in place; elsewhere one line is printed every few
 * seconds, and nothing while nothing changes.
 */
public final class ProgressDisplay {
    private static final Duration BETWEEN_PLAIN_LINES = Duration.ofSeconds(5);
    private static final int BAR = 24;
    private static final int PERCENT = 100;

    private final PrintStream out;
    private final boolean terminal;
    private final Clock clock;
    private final Map<Stage, StageRate> rates = new EnumMap<>(Stage.class);
    private int drawnLines;
    private Instant lastPlain = Instant.MIN;
    private String lastText = "";
    private boolean silenced;

    /** @param terminal whether {@code out} understands cursor movement */
    public ProgressDisplay(PrintStream out, boolean terminal, Clock clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        for (Stage stage : Stage.values()) {
            rates.put(stage, new StageRate());
        }
    }

    /** A line of its own, above the stages. */
    public synchronized void say(String line) {
        if (!silenced) {
            out.println(line);
            out.flush();
            drawnLines = 0;
        }
    }

    /** Shows how far a study is. */
    public synchronized void show(StudyView view) {
        Instant now = clock.instant();
        view.progress().forEach(progress -> rates.get(progress.stage()).add(progress, now));
        if (silenced) {
            return;
        }
        if (terminal) {
            redraw(view);
        } else if (view.state().isFinal()
                || !lastPlain.plus(BETWEEN_PLAIN_LINES).isAfter(now)) {
            plain(view, now);
        }
    }

    /** Nothing is drawn from here on. */
    public synchronized void silence() {
        silenced = true;
    }

    /** What this run did itself, with its pace. */
    public synchronized String pace() {
        StageRate quantize = rates.get(Stage.QUANTIZE);
        StageRate generate = rates.get(Stage.GENERATE);
        StageRate execute = rates.get(Stage.EXECUTE);
        if (quantize.amount() == 0 && generate.amount() == 0 && execute.amount() == 0) {
            return "Nothing was computed: every artifact, sample and verdict was there.";
        }
        return String.format(
                Locale.ROOT,
                "Generated %,d tokens (%,.0f tokens/s) and executed %,d programs (%,.1f verdicts/s) for %,d samples.",
                generate.amount(),
                perSecond(generate.amount(), generate.seconds()),
                execute.amount(),
                perSecond(execute.amount(), execute.seconds()),
                execute.done());
    }

    private void redraw(StudyView view) {
        StringBuilder text = new StringBuilder();
        if (drawnLines > 0) {
            text.append("\u001b[").append(drawnLines).append('A');
        }
        for (StageProgress progress : view.progress()) {
            text.append("\r\u001b[2K").append(bar(progress)).append('\n');
        }
        out.print(text);
        out.flush();
        drawnLines = view.progress().size();
    }

    private void plain(StudyView view, Instant now) {
        String text = view.progress().stream().map(this::plain).collect(Collectors.joining("; "));
        if (!text.equals(lastText)) {
            out.println(text);
            out.flush();
            lastText = text;
            lastPlain = now;
        }
    }

    private String bar(StageProgress progress) {
        int filled = progress.total() == 0 ? 0 : (int) (BAR * progress.done() / progress.total());
        return String.format(
                Locale.ROOT,
                "%-9s %s%s %s",
                progress.stage().label(),
                "█".repeat(filled),
                "·".repeat(BAR - filled),
                String.join("  ", figures(progress)));
    }

    private String plain(StageProgress progress) {
        return progress.stage().label() + " " + String.join(", ", figures(progress));
    }

    private List<String> figures(StageProgress progress) {
        if (progress.total() == 0) {
            return List.of("waiting");
        }
        String counts = String.format(
                Locale.ROOT,
                "%,d/%,d %d %%",
                progress.done(),
                progress.total(),
                PERCENT * progress.done() / progress.total());
        if (progress.done() >= progress.total()) {
            return List.of(counts);
        }
        StageRate rate = rates.get(progress.stage());
        String pace = Numbers.count(rate.recentAmount()) + " " + unit(progress.stage()) + "/s";
        return rate.left(progress.total())
                .map(left -> List.of(counts, pace, Numbers.clock(left) + " left"))
                .orElse(List.of(counts));
    }

    private static String unit(Stage stage) {
        return switch (stage) {
            case QUANTIZE -> "weights";
            case GENERATE -> "tokens";
            case EXECUTE -> "programs";
        };
    }

    private static double perSecond(long amount, double seconds) {
        return seconds <= 0 ? 0 : amount / seconds;
    }
}
