package dev.fewbit.benchmark.extraction;

import dev.fewbit.contracts.execution.ProgramLanguage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.treesitter.TSNode;
import org.treesitter.TSParser;
import org.treesitter.TSTree;
import org.treesitter.TreeSitterJava;
import org.treesitter.TreeSitterPython;

/**
 * Keeps the function that a prompt asks for and drops what follows it, by its syntax tree. A text without that function's end, cut short
 * or broken, stays as it is.
 */
final class FirstFunction {
    private final ProgramLanguage language;
    private final String prompt;
    private final boolean testsClose;

    private record Function(String name, int end) {}

    /**
     * @param prompt that a completion continues
     * @param testsClose whether the tests begin with the brace that closes the function
     */
    FirstFunction(ProgramLanguage language, String prompt, boolean testsClose) {
        this.language = language;
        this.prompt = prompt;
        this.testsClose = testsClose;
    }

    /** A completion up to the end of the function that the prompt opened. */
    String ofCompletion(String completion) {
        byte[] source = (prompt + completion).getBytes(StandardCharsets.UTF_8);
        int begin = prompt.getBytes(StandardCharsets.UTF_8).length;
        for (Function function : functions(prompt + completion)) {
            if (function.end() > begin) {
                return text(source, begin, testsClose ? function.end() - 1 : function.end());
            }
        }
        return completion;
    }

    /** A whole program up to the end of the prompt's last function, of its own first one where it has none of that name. */
    String ofProgram(String program) {
        List<Function> asked = functions(prompt);
        List<Function> written = functions(program);
        if (written.isEmpty()) {
            return program;
        }
        String name = asked.isEmpty() ? "" : asked.getLast().name();
        Function kept = written.stream()
                .filter(function -> function.name().equals(name))
                .findFirst()
                .orElse(written.getFirst());
        return text(program.getBytes(StandardCharsets.UTF_8), 0, kept.end());
    }

    private static String text(byte[] source, int begin, int end) {
        return new String(Arrays.copyOfRange(source, begin, end), StandardCharsets.UTF_8);
    }

    /** Functions that are not inside another, in order; ends are offsets in UTF-8. */
    private List<Function> functions(String source) {
        List<Function> found = new ArrayList<>();
        TSParser parser = new TSParser();
        parser.setLanguage(
                switch (language) {
                    case PYTHON -> new TreeSitterPython();
                    case JAVA -> new TreeSitterJava();
                });
        try (TSTree tree = parser.parseString(null, source)) {
            Deque<TSNode> nodes = new ArrayDeque<>(List.of(tree.getRootNode()));
            byte[] bytes = source.getBytes(StandardCharsets.UTF_8);
            while (!nodes.isEmpty()) {
                TSNode node = nodes.pop();
                if (node.getType().equals("function_definition")
                        || node.getType().equals("method_declaration")) {
                    TSNode name = node.getChildByFieldName("name");
                    found.add(new Function(text(bytes, name.getStartByte(), name.getEndByte()), node.getEndByte()));
                } else {
                    for (int i = node.getNamedChildCount() - 1; i >= 0; i--) {
                        nodes.push(node.getNamedChild(i));
                    }
                }
            }
        }
        return found;
    }
}
