package dev.scopedcontext.jmh.report;

import dev.scopedcontext.jmh.peer.Peer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The answers of one class in one run, with a row for each peer or method and a column for each choice of parameters.
 */
final class Table {
    private static final Set<String> JDK = Set.of(Peer.SCOPED_VALUE, Peer.SCOPED_VALUE_IN_EXECUTOR,
            Peer.THREAD_LOCAL, Peer.INHERITABLE, Peer.NOTHING);

    private final Map<String, Map<String, Answer>> rows = new LinkedHashMap<>();
    private final Set<String> columns = new LinkedHashSet<>();

    Table(Collection<Answer> answers) {
        List<Answer> sorted = new ArrayList<>(answers);
        sorted.sort(Comparator.comparing(Answer::method).thenComparing(Table::compareParams));
        sorted.forEach(a -> columns.add(a.column()));
        answers.forEach(a -> rows.computeIfAbsent(a.row(), row -> new LinkedHashMap<>()).put(a.column(), a));
    }

    /** Writes the table as Markdown, with the reasons of peers that are not in it. */
    List<String> lines(Map<String, String> cannot) {
        List<String> lines = head(columns);
        rows.forEach((row, cells) -> lines.add(line(row, cells(cells))));
        cannot.forEach((peer, why) -> lines.add("| " + peer + " | cannot: " + why + " " + "|".repeat(columns.size())));
        ratios(Peer.SCOPED_VALUE, lines);
        ratios(Peer.THREAD_LOCAL, lines);
        List<String> best = columns.stream().map(c -> ratio(c, bestOf(c, Table::isLibrary), true)).toList();
        if (best.stream().anyMatch(cell -> !cell.isEmpty())) {
            lines.add(line("**× the best library**", best));
        }
        return lines;
    }

    /** Writes the table as Markdown, with a last column that compares methods with their twins. */
    List<String> linesOfMethods(Map<String, String> twins) {
        List<String> lines = head(Stream.concat(columns.stream(), Stream.of("")).toList());
        rows.forEach((row, cells) -> lines.add(line(row, Stream.concat(cells(cells).stream(),
                Stream.of(twins.containsKey(row) ? compared(cells, twins.get(row)) : "")).toList())));
        return lines;
    }

    private String compared(Map<String, Answer> cells, String twin) {
        return columns.stream().filter(c -> cells.containsKey(c) && at(twin, c) != null)
                .map(c -> "**× " + Figures.ratio(cells.get(c), at(twin, c)) + "**")
                .collect(Collectors.joining(", ", "", " " + twin));
    }

    private static List<String> head(Collection<String> columns) {
        return new ArrayList<>(List.of(line("", columns), "|---|" + "---:|".repeat(columns.size())));
    }

    /** Returns an answer, or null. */
    Answer at(String row, String column) {
        return rows.getOrDefault(row, Map.of()).get(column);
    }

    /** Returns the fastest or smallest answer of a column, except this library's, or null. */
    Answer bestOf(String column, Predicate<String> rowsToLookAt) {
        return rows.keySet().stream().filter(r -> !r.equals(Peer.SCOPED_CONTEXT)).filter(rowsToLookAt)
                .map(r -> at(r, column)).filter(a -> a != null)
                .min(Comparator.comparingDouble(Answer::median)).orElse(null);
    }

    /**
     * Returns whether a peer is a library with a current context, like this one. A context that is passed manually
     * needs no lookup.
     */
    static boolean isLibrary(String peer) {
        return !JDK.contains(peer) && !peer.equals(Peer.REACTOR);
    }

    private void ratios(String of, List<String> lines) {
        if (rows.containsKey(of) && rows.containsKey(Peer.SCOPED_CONTEXT)) {
            lines.add(line("**× " + of + "**", columns.stream().map(c -> ratio(c, at(of, c), false)).toList()));
        }
    }

    private String ratio(String column, Answer other, boolean named) {
        Answer ours = at(Peer.SCOPED_CONTEXT, column);
        if (ours == null || other == null) {
            return "";
        }
        return "**" + Figures.ratio(ours, other) + "**" + (named ? " " + other.row() : "");
    }

    private List<String> cells(Map<String, Answer> cells) {
        return columns.stream().map(c -> cells.containsKey(c) ? Figures.cell(cells.get(c)) : "").toList();
    }

    private static String line(String first, Collection<String> cells) {
        return "| " + first + " | " + String.join(" | ", cells) + " |";
    }

    private static int compareParams(Answer a, Answer b) {
        for (Map.Entry<String, Integer> param : a.params().entrySet()) {
            int compared = Integer.compare(param.getValue(), b.params().getOrDefault(param.getKey(), 0));
            if (compared != 0) {
                return compared;
            }
        }
        return 0;
    }
}
