package dev.scopedcontext.jmh.peer;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/**
 * A way to have context values, used in the way that its own documentation recommends.
 *
 * <p>All benchmarks use this class, so that each peer is measured in the same way. The class costs nothing: the JVM of
 * a benchmark loads one peer only, so its calls are bound without a check and inlined. For the same reason, each peer
 * keeps its keys in its own static final fields, which the compiler treats as constants.
 *
 * <p>A peer lacks the operations for which it has no means.
 *
 * <p>The reasons are in {@code docs/decisions/0018-benchmarks.md}.
 */
public abstract class Peer {
    public static final String NOTHING = "no context";
    public static final String SCOPED_CONTEXT = "scoped-context";
    public static final String SCOPED_VALUE = "ScopedValue";
    public static final String SCOPED_VALUE_IN_EXECUTOR = "ScopedValue in an executor";
    public static final String THREAD_LOCAL = "ThreadLocal";
    public static final String INHERITABLE = "InheritableThreadLocal";
    public static final String GRPC = "gRPC";
    public static final String OPEN_TELEMETRY = "OpenTelemetry";
    public static final String MICROMETER = "Micrometer";
    public static final String TRANSMITTABLE = "TransmittableThreadLocal";
    public static final String FAST = "FastThreadLocal";
    public static final String HELIDON = "Helidon";
    public static final String REACTOR = "Reactor";

    /** The number of keys that can be bound: one for each level of the deepest nest. */
    static final int KEYS = 1_000;

    static final Object DEFAULT = new Object();

    /** Returns a peer by name, without loading any other peer. */
    public static Peer named(String name) {
        return switch (name) {
            case NOTHING -> NoContext.create();
            case SCOPED_CONTEXT -> ScopedContextPeer.create();
            case SCOPED_VALUE -> ScopedValuePeer.create();
            case SCOPED_VALUE_IN_EXECUTOR -> ScopedValuePeer.inExecutor();
            case THREAD_LOCAL -> ThreadLocalPeer.create();
            case INHERITABLE -> InheritablePeer.create();
            case GRPC -> GrpcPeer.create();
            case OPEN_TELEMETRY -> OpenTelemetryPeer.create();
            case MICROMETER -> MicrometerPeer.create();
            case TRANSMITTABLE -> TransmittablePeer.create();
            case FAST -> FastPeer.create();
            case HELIDON -> HelidonPeer.create();
            case REACTOR -> ReactorPeer.create();
            default -> throw new IllegalArgumentException("No peer is named " + name);
        };
    }

    /** Returns the JDK that a peer needs. */
    public static int needsJdk(String name) {
        return switch (name) {
            case SCOPED_VALUE, SCOPED_VALUE_IN_EXECUTOR -> 25;
            case HELIDON -> 21;
            default -> 17;
        };
    }

    /** Reads the first key. */
    public Object get() {
        throw cannot();
    }

    /** Reads one of all keys. */
    public Object get(int key) {
        throw cannot();
    }

    /** Reads a key that is never bound and has a default. */
    public Object getDefault() {
        throw cannot();
    }

    /** Reads one of all keys, which is not bound and has no default. */
    public Object absentOrElse(int key, Object other) {
        throw cannot();
    }

    /** Binds a number of keys at once, and runs. */
    public void run(int keys, Object value, Runnable body) {
        throw cannot();
    }

    /** Binds a number of keys at once, and calls. */
    public Object call(int keys, Object value, Callable<Object> body) throws Exception {
        throw cannot();
    }

    /** Binds a number of keys at once, reads the first one, and restores the previous values, without a lambda. */
    public Object attach(int keys, Object value) {
        throw cannot();
    }

    /** Binds one key inside the other. The outermost key is {@code levels - 1}, the innermost is the first one. */
    public void nest(int levels, Object value, Runnable body) {
        throw cannot();
    }

    /** Captures the values of the first four keys, and of all others if there is no way to choose. */
    public Object capture() {
        throw cannot();
    }

    /** Captures the same values for a task. */
    public Runnable wrap(Runnable task) {
        throw cannot();
    }

    /** Wraps an executor so that it captures the same values for each task. */
    public Executor wrap(Executor executor) {
        throw cannot();
    }

    /** Forks a number of subtasks while a number of keys are bound, and waits for all of them. */
    public Object forkAndJoin(int subtasks, int keys, Callable<Object> subtask) throws Exception {
        throw cannot();
    }

    final UnsupportedOperationException cannot() {
        return new UnsupportedOperationException(getClass().getSimpleName() + " cannot do this, or not on JDK "
                + Runtime.version().feature());
    }
}
