package orders;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The spans of both services, as a collector gets them. Each trace is a tree with a line for each span. */
final class Traces {

    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service.name");
    private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("request.id");

    private final Map<String, List<SpanData>> traces;
    private final Map<String, List<String>> treesByRequest = new HashMap<>();

    Traces(Collection<SpanData> spans) {
        this.traces = spans.stream().collect(groupingBy(SpanData::getTraceId));
        traces.values().forEach(trace -> requests(trace).forEach(id -> treesByRequest.put(id, tree(trace))));
    }

    int count() {
        return traces.size();
    }

    /** Returns the trace of a request. */
    List<String> of(String request) {
        return treesByRequest.getOrDefault(request, List.of());
    }

    /** Describes the traces that are not one tree, and those that differ from the trace that the request expects. */
    List<String> faults(List<Visit> visits) {
        Stream<String> torn = traces.values().stream()
                .filter(trace -> !isWhole(trace))
                .map(trace -> "not one trace of one request: " + trace);
        Stream<String> wrong = visits.stream()
                .filter(visit -> visit.trace().isPresent() && !visit.trace().get().equals(of(visit.id())))
                .map(visit -> "not the trace of request " + visit.id() + ": " + of(visit.id()));
        return Stream.concat(torn, wrong).toList();
    }

    /** Returns whether all spans are in one tree, whose root is a request to the order service. */
    private static boolean isWhole(List<SpanData> trace) {
        List<String> tree = tree(trace);
        return tree.size() == trace.size() && tree.get(0).startsWith("orders ") && requests(trace).size() <= 1;
    }

    private static Set<String> requests(List<SpanData> trace) {
        return trace.stream().map(span -> span.getAttributes().get(REQUEST)).filter(Objects::nonNull).collect(toSet());
    }

    private static List<String> tree(List<SpanData> trace) {
        List<String> lines = new ArrayList<>();
        trace.stream()
                .filter(span -> !span.getParentSpanContext().isValid())
                .findFirst()
                .ifPresent(root -> addTree(trace, root, "", lines));
        return lines;
    }

    /** Adds a span and its children, sorted by name, since their order is not determined. */
    private static void addTree(List<SpanData> trace, SpanData span, String indent, List<String> lines) {
        lines.add("%-8s".formatted(span.getResource().getAttribute(SERVICE)) + indent + span.getName());
        trace.stream()
                .filter(child -> child.getParentSpanId().equals(span.getSpanId()))
                .sorted(Comparator.comparing(SpanData::getName))
                .forEach(child -> addTree(trace, child, indent + "  ", lines));
    }
}
