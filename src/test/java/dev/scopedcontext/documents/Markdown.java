package dev.scopedcontext.documents;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the links of a document in Markdown, and the anchors that GitHub gives to its headings. */
final class Markdown {

    private static final Pattern FENCE = Pattern.compile(" {0,3}(```+|~~~+).*");
    private static final Pattern HEADING = Pattern.compile(" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*");
    private static final Pattern CODE = Pattern.compile("(?s)(?<!`)(`+)(?!`)((?:(?!\n[ \t]*\n).)+?)(?<!`)\\1(?!`)");

    /** The target is in group 1; in angle brackets it may contain spaces. */
    private static final Pattern INLINE = Pattern
            .compile("\\]\\(\\s*(<[^<>\n]*>|[^\\s<>()]*(?:\\([^\\s()]*\\)[^\\s<>()]*)*)(?:\\s+\"[^\"]*\")?\\s*\\)");

    private static final Pattern DEFINITION = Pattern.compile("(?m)^ {0,3}\\[([^\\]\n]+)\\]:[ \t]*(\\S+)");
    private static final Pattern REFERENCE = Pattern.compile("\\[[^\\[\\]]*\\]\\[([^\\[\\]]+)\\]");

    private Markdown() {
    }

    /** Returns the targets of all links and images, in the order of their kinds. */
    static List<String> links(String document) {
        String prose = withoutCode(document);
        return Stream.of(INLINE.matcher(prose).results().map(link -> link.group(1)),
                DEFINITION.matcher(prose).results().map(definition -> definition.group(2)))
                .flatMap(targets -> targets).map(target -> target.replaceAll("^<(.*)>$", "$1")).toList();
    }

    /** Returns the labels of references that the document does not define. */
    static List<String> undefinedReferences(String document) {
        String prose = withoutCode(document);
        List<String> defined = DEFINITION.matcher(prose).results().map(Markdown::label).toList();
        return REFERENCE.matcher(prose).results().map(Markdown::label).filter(label -> !defined.contains(label))
                .toList();
    }

    private static String label(MatchResult reference) {
        return reference.group(1).toLowerCase(Locale.ROOT);
    }

    /** Returns the anchors of the headings. The second heading with one text has the number 1, and so on. */
    static Set<String> anchors(String document) {
        Set<String> anchors = new LinkedHashSet<>();
        Map<String, Integer> uses = new HashMap<>();
        for (Heading heading : headings(document)) {
            String anchor = anchor(heading.text());
            int before = uses.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        }
        return anchors;
    }

    /** Returns the headings, in order. */
    static List<Heading> headings(String document) {
        return linesOutsideOfFences(document).stream().map(HEADING::matcher).filter(Matcher::matches)
                .map(heading -> new Heading(heading.group(1).length(), heading.group(2))).toList();
    }

    /** Keeps letters, digits, underscores and hyphens of the text that a reader sees, in lower case. */
    private static String anchor(String heading) {
        String seen = heading.replaceAll("!?\\[([^\\]]*)\\]\\([^)]*\\)", "$1").replaceAll(
                "\\[([^\\]]*)\\]\\[[^\\]]*\\]",
                "$1");
        return seen.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc}\\- ]", "").replace(' ', '-');
    }

    private static String withoutCode(String document) {
        String prose = linesOutsideOfFences(document).stream().collect(joining("\n"));
        return CODE.matcher(prose).replaceAll("");
    }

    private static List<String> linesOutsideOfFences(String document) {
        List<String> lines = new ArrayList<>();
        String fence = null;
        for (String line : document.lines().toList()) {
            Matcher mark = FENCE.matcher(line);
            if (fence != null) {
                fence = line.strip().startsWith(fence) ? null : fence;
            } else if (mark.matches()) {
                fence = mark.group(1);
            } else {
                lines.add(line);
            }
        }
        return lines;
    }

    record Heading(int level, String text) {
    }
}
