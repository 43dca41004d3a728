package dev.fewbit.benchmark;

import dev.fewbit.contracts.evaluation.ProblemChoice;
import dev.fewbit.objectstore.Digests;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws a {@link ProblemChoice}. Seats are given to strata by largest remainders (ties to the stratum that sorts first), and
 * in a stratum to the problems whose SHA-256 of {@code seed:name} is smallest. So neither the file's order nor a library's
 * random numbers have a say, and a larger choice keeps most of a smaller one's problems.
 */
public final class StratifiedChoice {
    private StratifiedChoice() {}

    private record Stratum(String name, long remainder) {}

    /**
     * The chosen problems by name.
     *
     * @param choice {@code null} for all of them
     * @param source what messages call the file
     * @throws InvalidBenchmarkException when there are too few problems, or one has no such stratum field
     */
    public static List<Problem> choose(List<Problem> problems, ProblemChoice choice, String source)
            throws InvalidBenchmarkException {
        List<Problem> sorted =
                problems.stream().sorted(Comparator.comparing(Problem::name)).toList();
        if (choice == null) {
            return sorted;
        }
        if (choice.problems() > sorted.size()) {
            throw new InvalidBenchmarkException(
                    source + ": choose.problems is " + choice.problems() + "; allowed: 1 to " + sorted.size());
        }
        Map<String, List<Problem>> strata = strata(sorted, choice.stratum(), source);
        Map<String, Integer> seats = seats(strata, choice.problems(), sorted.size());
        List<Problem> chosen = new ArrayList<>();
        strata.forEach((name, members) -> members.stream()
                .sorted(Comparator.comparing((Problem p) -> Digests.of(choice.seed() + ":" + p.name())))
                .limit(seats.get(name))
                .forEach(chosen::add));
        chosen.sort(Comparator.comparing(Problem::name));
        return List.copyOf(chosen);
    }

    private static Map<String, List<Problem>> strata(List<Problem> problems, String field, String source)
            throws InvalidBenchmarkException {
        Map<String, List<Problem>> strata = new TreeMap<>();
        for (Problem problem : problems) {
            String stratum = problem.fields().get(field);
            if (stratum == null) {
                throw new InvalidBenchmarkException(source + ": problem '" + problem.name() + "' has no key '" + field
                        + "', which choose.stratum names");
            }
            strata.computeIfAbsent(stratum, s -> new ArrayList<>()).add(problem);
        }
        return strata;
    }

    /** Hare quota: a stratum's quota is {@code size * wanted / all}; what is left goes to the largest remainders. */
    private static Map<String, Integer> seats(Map<String, List<Problem>> strata, int wanted, int all) {
        Map<String, Integer> seats = new TreeMap<>();
        List<Stratum> byRemainder = new ArrayList<>();
        int left = wanted;
        for (Map.Entry<String, List<Problem>> entry : strata.entrySet()) {
            int size = entry.getValue().size();
            long product = (long) size * wanted;
            int whole = Math.toIntExact(product / all);
            seats.put(entry.getKey(), whole);
            left -= whole;
            byRemainder.add(new Stratum(entry.getKey(), product % all));
        }
        byRemainder.sort(Comparator.comparingLong(Stratum::remainder).reversed().thenComparing(Stratum::name));
        for (Stratum stratum : byRemainder.subList(0, left)) {
            seats.merge(stratum.name(), 1, Integer::sum);
        }
        return seats;
    }
}
