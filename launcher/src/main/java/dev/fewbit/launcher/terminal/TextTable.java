package dev.fewbit.launcher.terminal;

import java.util.ArrayList;
import java.util.List;

/** Columns padded to their widest cell, right-aligned, under a ruled head. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    void head(List<String> cells) {
        rows.addFirst(List.copyOf(cells));
    }

    void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    String text() {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows.size(); row++) {
            List<String> padded = new ArrayList<>();
            for (int column = 0; column < widths.length; column++) {
                String cell = rows.get(row).get(column);
                padded.add(" ".repeat(widths[column] - cell.length()) + cell);
            }
            text.append(String.join(GAP, padded)).append('\n');
            if (row == 0) {
                text.repeat("─", String.join(GAP, padded).length()).append('\n');
            }
        }
        return text.toString();
    }
}
