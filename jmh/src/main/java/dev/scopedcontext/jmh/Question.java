package dev.scopedcontext.jmh;

import static dev.scopedcontext.jmh.Asked.ask;
import static dev.scopedcontext.jmh.peer.Peer.NOTHING;
import static dev.scopedcontext.jmh.peer.Peer.SCOPED_CONTEXT;
import static dev.scopedcontext.jmh.peer.Peer.SCOPED_VALUE;
import static dev.scopedcontext.jmh.peer.Peer.THREAD_LOCAL;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The questions in order, and the way to run each one in the standard run. */
public enum Question {
    READ_ONE_KEY("Read one key", ask(ReadOneKey.class), ask(ReadDefault.class)),

    READ_MANY_KEYS("Read many keys", ask(ReadManyKeys.class, "inTurn"),
            ask(ReadManyKeys.class, "inTurn").of(SCOPED_CONTEXT, SCOPED_VALUE, THREAD_LOCAL).with("keys", 2, 4, 16, 64),
            ask(ReadManyKeys.class, "first|last").with("keys", 32)),

    BIND_AND_RUN("Bind and run", ask(BindAndRun.class),
            ask(BindAndRun.class).of(SCOPED_CONTEXT, SCOPED_VALUE, THREAD_LOCAL).with("keys", 16, 32, 64),
            ask(BindAndCall.class), ask(BindAndAttach.class)),

    NEST("Nest", ask(Nest.class, "innermost|outermost"),
            ask(Nest.class, "innermost").of(SCOPED_CONTEXT, SCOPED_VALUE, THREAD_LOCAL).with("levels", 256, 1000),
            ask(Nest.class, "readOutermost").of(SCOPED_CONTEXT, SCOPED_VALUE, THREAD_LOCAL)
                    .with("levels", 1, 8, 64, 256, 1000)),

    CAPTURE("Capture, wrap, and run what is wrapped", ask(Capture.class)),

    HAND_OFF("Hand over to an executor", ask(HandOff.class)),

    FORK_JOIN("Fork and join", ask(ForkJoin.class).settlingLate(),
            ask(ForkJoin.class).of(SCOPED_CONTEXT, SCOPED_VALUE).with("subtasks", 2, 8).settlingLate(),
            ask(ForkJoin.class).of(SCOPED_CONTEXT, SCOPED_VALUE).with("subtasks", 10_000).with("keys", 1, 16, 64)
                    .settlingLate(),
            ask(ForkInNest.class).of(SCOPED_CONTEXT, SCOPED_VALUE).with("levels", 1, 64, 1000)
                    .settlingLate()),

    PROXIES("Call through a proxy", ask(Proxies.class)),

    LOCALS("Locals, and resources of named contexts", ask(Locals.class), ask(ForkWithLocals.class),
            ask(NamedResource.class)),

    BRIDGES("Bridges", ask(Bridges.class), ask(Baggage.class)),

    FIRST_USE("First use", ask(FirstUse.class).once().inRounds(10)),

    MEMORY("Memory", ask(ParkedThreads.class, "forked").with("keys", 8).from(21).once(),
            ask(ParkedThreads.class, "forked").of(SCOPED_CONTEXT, SCOPED_VALUE).with("keys", 32).from(21).once(),
            ask(ParkedThreads.class, "forked").of(NOTHING).with("keys", 0).from(21).once(),
            ask(ParkedThreads.class, "bound").of(SCOPED_CONTEXT, SCOPED_VALUE, THREAD_LOCAL).from(21).once(),
            ask(Footprint.class).once()),

    REQUEST("A request", ask(Request.class).settlingLate());

    private final String title;
    private final List<Asked> asked;

    Question(String title, Asked... asked) {
        this.title = title;
        this.asked = List.of(asked);
    }

    /** Returns the number, from 1. */
    public int number() {
        return ordinal() + 1;
    }

    /** Returns the title, which names the operation. */
    public String title() {
        return title;
    }

    /** Returns the name of its files. */
    public String fileName() {
        return "%02d-%s".formatted(number(), name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    }

    /** Returns the classes that answer it. */
    public List<Class<?>> benchmarks() {
        return asked.stream().<Class<?>>map(Asked::benchmark).distinct().toList();
    }

    /** Returns the question with a number. */
    static Question of(String number) {
        return Stream.of(values()).filter(q -> number.equals(String.valueOf(q.number()))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no question " + number + ". There are:"
                        + Stream.of(values()).map(q -> "\n  " + q.number() + " " + q.title())
                                .collect(Collectors.joining())));
    }

    List<Asked> asked() {
        return asked;
    }
}
