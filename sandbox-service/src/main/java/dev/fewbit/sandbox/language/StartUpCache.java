package dev.fewbit.sandbox.language;

import dev.fewbit.sandbox.isolation.Isolation;
import dev.fewbit.sandbox.isolation.IsolationException;
import dev.fewbit.sandbox.isolation.Jail;
import dev.fewbit.sandbox.isolation.JailLimits;
import dev.fewbit.sandbox.isolation.JailReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The AOT cache (JEP 483, 514) that spares a program's JVM a quarter of its CPU time: made once a service in a jail, by a training
 * program of ours, from the very jar and JDK it is used with. JDK 25 does not notice a changed jar, so it is never kept.
 */
final class StartUpCache {
    static final String INSIDE = "/box/runner.aot";
    private static final long MIB = 1 << 20;
    /** The dump reserves far more address space than it uses. */
    private static final long UNLIMITED = 0;

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** Runs the JVM that its arguments start, which leaves the cache in /tmp, and sends that through standard output. */
    private static final String SCRIPT = "\"$@\" >&2; cat /tmp/runner.aot";

    /** What generated programs use most. */
    static final String TRAINING_PROGRAM = """
            import java.util.*;
            import java.util.function.*;
            import java.util.stream.*;
            class Problem {
                record Pair(String key, long count) {}
                static ArrayList<Long> squares(ArrayList<Long> xs) {
                    return xs.stream().filter(x -> x % 2 == 0).map(x -> x * x).sorted(Comparator.reverseOrder())
                            .collect(Collectors.toCollection(ArrayList::new));
                }
                public static void main(String[] args) {
                    assert(squares(new ArrayList<Long>(Arrays.asList(1l, 2l, 4l)))
                            .equals(new ArrayList<Long>(Arrays.asList(16l, 4l))));
                    Map<String, Integer> counts = new HashMap<>();
                    for (String word : "a b a".split(" ")) {
                        counts.merge(word, 1, Integer::sum);
                        counts.put(word, counts.getOrDefault(word, 0) + 0);
                    }
                    StringBuilder text = new StringBuilder();
                    counts.forEach((word, count) -> text.append(word).append(count));
                    String formatted = String.format("%s %d %.2f", text.reverse(), 3, 1.5) + counts.size();
                    assert(formatted.toUpperCase().trim().replaceAll("[^A-Z]", "").contains("A"));
                    assert(counts.entrySet().stream().map(e -> new Pair(e.getKey(), e.getValue()))
                            .filter(p -> p.count() > 1).map(Pair::key).collect(Collectors.toList()).equals(List.of("a")));
                    assert(IntStream.range(0, 5).boxed()
                            .collect(Collectors.groupingBy(i -> i % 2, TreeMap::new, Collectors.counting())).size() == 2);
                    assert(Stream.of("x", "y").collect(Collectors.joining(",")).equals("x,y"));
                    assert("hello".chars().mapToObj(c -> (char) c).distinct().count() == 4);
                    Deque<Integer> deque = new ArrayDeque<>(List.of(1, 2));
                    PriorityQueue<Integer> queue = new PriorityQueue<>(deque);
                    Set<Character> set = new LinkedHashSet<>(new TreeSet<>(Set.of('a', 'b')));
                    int[] array = {3, 1, 2};
                    Arrays.sort(array);
                    Collections.sort(new LinkedList<>(deque));
                    Optional<Integer> most = deque.stream().max(Integer::compare);
                    assert(most.isPresent() && queue.poll() == 1 && set.size() + array.length == 5);
                    assert(Long.parseLong("12") + Math.abs(-1.5) + Integer.toBinaryString(5).length() > 0);
                }
            }
            """;

    private StartUpCache() {}

    /**
     * Trains and dumps.
     *
     * @param java the command line that the cache is for
     * @param input the training program's classes and nonce
     * @throws IsolationException when the jail failed or no cache came out of it
     */
    static byte[] make(Isolation isolation, int slot, JavaRuntime runtime, List<String> java, byte[] input)
            throws IsolationException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "train"));
        command.addAll(java);
        JailLimits limits = new JailLimits(TIMEOUT, TIMEOUT, 768 * MIB, UNLIMITED, 96, 64 * MIB, 256 * MIB);
        JailReport report = isolation.run(new Jail(command, Map.of(), runtime.mounts(), limits, false), slot, input);
        if (!report.exitedCleanly() || report.stdout().bytes().length == 0) {
            throw new IsolationException("no start-up cache was made: "
                    + report.stderr().text().strip().replaceAll("\\s+", " "));
        }
        return report.stdout().bytes();
    }
}
