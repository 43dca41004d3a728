package dev.fewbit.sandbox.isolation.seccomp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of a policy file; its own comments describe the format. */
public record SeccompPolicy(List<SyscallRule> rules) {
    static final int EPERM = 1;
    private static final Map<String, Integer> ERRORS = Map.of("EPERM", EPERM, "ENOSYS", 38, "EAFNOSUPPORT", 97);

    public SeccompPolicy {
        Set<String> seen = new HashSet<>();
        for (SyscallRule rule : rules) {
            if (!seen.add(rule.name())) {
                throw new IllegalArgumentException("seccomp policy: " + rule.name() + " has two rules");
            }
        }
        rules = List.copyOf(rules);
    }

    /** The policy that programs run under. */
    public static SeccompPolicy standard() {
        return parse(SyscallTable.lines("policy.txt"));
    }

    /** @throws IllegalArgumentException naming the line that is none */
    public static SeccompPolicy parse(List<String> lines) {
        List<SyscallRule> rules = new ArrayList<>();
        for (String line : lines) {
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                rules.addAll(rulesOf(text));
            }
        }
        return new SeccompPolicy(rules);
    }

    private static List<SyscallRule> rulesOf(String line) {
        String[] words = line.split("\\s+");
        try {
            return switch (words[0]) {
                case "allow" ->
                    Arrays.stream(words)
                            .skip(1)
                            .map(name -> (SyscallRule) new SyscallRule.Allow(name))
                            .toList();
                case "errno" ->
                    Arrays.stream(words)
                            .skip(2)
                            .map(name -> (SyscallRule) new SyscallRule.Refuse(name, error(words[1])))
                            .toList();
                case "refuse-flags" ->
                    List.of(new SyscallRule.RefuseFlags(words[1], argument(words[2]), number(words[3]), EPERM));
                case "only" ->
                    List.of(new SyscallRule.Only(words[2], argument(words[3]), numbers(words, 4), error(words[1])));
                case "never" -> List.of(new SyscallRule.Never(words[1], argument(words[2]), numbers(words, 3), EPERM));
                default -> throw new IllegalArgumentException("unknown word " + words[0]);
            };
        } catch (ArrayIndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IllegalArgumentException("seccomp policy: cannot read \"" + line + "\": " + e.getMessage(), e);
        }
    }

    private static int error(String name) {
        Integer error = ERRORS.get(name);
        if (error == null) {
            throw new IllegalArgumentException("unknown error " + name + ", known are " + ERRORS.keySet());
        }
        return error;
    }

    private static int argument(String text) {
        int argument = Integer.parseInt(text);
        if (argument < 0 || argument > 5) {
            throw new IllegalArgumentException("argument " + argument + " is not 0 to 5");
        }
        return argument;
    }

    private static int number(String text) {
        return (int) (long) Long.decode(text);
    }

    private static List<Integer> numbers(String[] words, int from) {
        return Arrays.stream(words).skip(from).map(SeccompPolicy::number).toList();
    }
}
