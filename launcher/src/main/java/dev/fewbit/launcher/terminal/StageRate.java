package dev.fewbit.launcher.terminal;

import dev.fewbit.contracts.study.StageProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How fast a stage goes: over the last half minute for the time left, and over all of its activity for the summary. */
final class StageRate {
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private final Deque<Point> window = new ArrayDeque<>();
    private Point first;
    private Point last;

    void add(StageProgress progress, Instant at) {
        Point point = new Point(at, progress.done(), progress.amount());
        if (first == null) {
            first = point;
            last = point;
        }
        if (point.done() == last.done() && point.amount() == last.amount()) {
            if (first.done() == point.done() && first.amount() == point.amount()) {
                // Nothing has happened yet: the clock starts with the last look before work begins.
                first = point;
                last = point;
                window.clear();
                window.add(point);
            }
            return;
        }
        last = point;
        window.add(point);
        while (window.size() > 2 && window.peekFirst().at().plus(WINDOW).isBefore(at)) {
            window.removeFirst();
        }
    }

    /** Amount a second of late. */
    double recentAmount() {
        return window.size() < 2
                ? 0
                : perSecond(
                        window.peekFirst(),
                        window.peekLast(),
                        window.peekLast().amount() - window.peekFirst().amount());
    }

    /** Time until {@code total} units are done at the late pace; empty while there is no pace. */
    Optional<Duration> left(long total) {
        if (window.size() < 2) {
            return Optional.empty();
        }
        double pace = perSecond(
                window.peekFirst(),
                window.peekLast(),
                window.peekLast().done() - window.peekFirst().done());
        return pace <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Math.round((total - last.done()) / pace * 1000)));
    }

    /** Amount processed since the first look. */
    long amount() {
        return first == null ? 0 : last.amount() - first.amount();
    }

    /** Units finished since the first look. */
    long done() {
        return first == null ? 0 : last.done() - first.done();
    }

    /** Seconds from the beginning of activity to its last sign. */
    double seconds() {
        return first == null ? 0 : Duration.between(first.at(), last.at()).toMillis() / 1000.0;
    }

    private static double perSecond(Point from, Point to, long difference) {
        double seconds = Duration.between(from.at(), to.at()).toMillis() / 1000.0;
        return seconds <= 0 ? 0 : difference / seconds;
    }

    private record Point(Instant at, long done, long amount) {}
}
