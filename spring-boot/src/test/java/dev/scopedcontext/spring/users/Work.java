package dev.scopedcontext.spring.users;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A kind of request, and its right answer. */
enum Work {

    PLAIN(200, "REQUEST", "controller"),

    LAYERS(200, "REQUEST", "controller", "async", "report", "subtask", "subtask", "async of subtask", "reactor",
            "controller"),

    CALLABLE(200, "ASYNC", "controller", "callable"),

    ASYNC(200, "ASYNC", "async"),

    MONO(200, "ASYNC", "controller", "reactor", "operator"),

    STREAM(200, "REQUEST", "stream"),

    DEFERRED(200, "ASYNC", "report"),

    LATE_RESULT(200, "ASYNC", "timeout"),

    LATE_TASK(200, "ASYNC", "timeout"),

    TOO_LATE(503, "ERROR", "error page"),

    HANDLED(418, "REQUEST", "handler"),

    HANDLED_LATER(418, "ASYNC", "handler"),

    UNHANDLED(500, "ERROR", "error page"),

    UNHANDLED_LATER(500, "ERROR", "error page"),

    /** Refused by a method. */
    FORBIDDEN(403, "ERROR", "error page"),

    /** Refused by Spring Security, before the user is known. */
    REFUSED(401, "ERROR", "error page");

    /** The kinds in the order in which they are sent. Timeouts are rarer than others, because they take long. */
    static final List<Work> MIX = mix();

    final int status;

    /** The last dispatch. */
    private final String dispatch;

    @SuppressWarnings("ImmutableEnumChecker") // it is unmodifiable
    private final List<String> layers;

    Work(int status, String dispatch, String... layers) {
        this.status = status;
        this.dispatch = dispatch;
        this.layers = List.of(layers);
    }

    private static List<Work> mix() {
        List<Work> mix = new ArrayList<>();
        for (Work work : values()) {
            mix.addAll(Collections.nCopies(work.isLate() ? 1 : 3, work));
        }
        Collections.shuffle(mix, new Random(1));
        return List.copyOf(mix);
    }

    String path() {
        return this == REFUSED ? "/plain" : "/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private boolean isLate() {
        return this == LATE_RESULT || this == LATE_TASK || this == TOO_LATE;
    }

    /** Returns what the last dispatch sees inside of Spring Security. */
    String inner(String id, String user) {
        return sight(dispatch, id, user);
    }

    String body(String id, String user) {
        return layers.stream().map(layer -> sight(layer, id, user)).collect(Collectors.joining("\n"));
    }

    private String sight(String layer, String id, String user) {
        if (this == REFUSED) {
            return Sights.expectedRefused(layer, id);
        }
        return layer.equals("timeout")
                ? Sights.expectedInListener(layer, id, user)
                : Sights.expected(layer, id, user);
    }

    /** Returns the calls of hooks, sorted. */
    List<String> ends(String id, String user) {
        String failure = failure(id);
        Stream<String> all = this == REFUSED
                ? Stream.of("request: null", "request: null")
                : Stream.concat(Stream.of("login of " + user + ": " + failure, "request: " + failure),
                        dispatch.equals("ERROR")
                                ? Stream.of("login of " + user + ": null", "request: null")
                                : Stream.of());
        return all.sorted().toList();
    }

    private String failure(String id) {
        return switch (this) {
            case LATE_RESULT, LATE_TASK, TOO_LATE -> "TimeoutException";
            case HANDLED, HANDLED_LATER -> "handled for " + id;
            case UNHANDLED, UNHANDLED_LATER -> "unhandled for " + id;
            case FORBIDDEN -> "AuthorizationDeniedException";
            default -> "null";
        };
    }
}
