package dev.fewbit.sandbox.isolation.seccomp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** System call numbers of an architecture, from a resource made of the kernel's headers. */
public final class SyscallTable {
    private final Architecture architecture;
    private final Map<String, Integer> numbers;

    private SyscallTable(Architecture architecture, Map<String, Integer> numbers) {
        this.architecture = architecture;
        this.numbers = Map.copyOf(numbers);
    }

    public static SyscallTable of(Architecture architecture) {
        Map<String, Integer> numbers = new HashMap<>();
        for (String line : lines(architecture.tableName())) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.split(" ");
                numbers.put(parts[0], Integer.parseInt(parts[1]));
            }
        }
        return new SyscallTable(architecture, numbers);
    }

    public Architecture architecture() {
        return architecture;
    }

    public OptionalInt number(String name) {
        Integer number = numbers.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    static List<String> lines(String resource) {
        InputStream in = SyscallTable.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("the resource " + resource + " is missing from the build");
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
