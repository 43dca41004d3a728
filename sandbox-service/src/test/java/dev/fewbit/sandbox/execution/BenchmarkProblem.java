package dev.fewbit.sandbox.execution;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A problem of the project's benchmark with its canonical solution. */
@JsonIgnoreProperties(ignoreUnknown = true)
record BenchmarkProblem(String name, String prompt, String canonical, String tests) {
    static List<BenchmarkProblem> read(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<BenchmarkProblem> problems = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            problems.add(mapper.readValue(line, BenchmarkProblem.class));
        }
        return problems;
    }
}
