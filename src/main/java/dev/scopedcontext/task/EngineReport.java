package dev.scopedcontext.task;

/**
 * The engine that runs the subtasks of task scopes in this process, and the reason for its choice, as returned by
 * {@link TaskScope#engine()}. It is meant for logs: behaviour does not depend on the engine. Instances are immutable
 * and thread-safe.
 *
 * @param kind the engine
 * @param reason the reason, as a sentence
 */
public record EngineReport(Kind kind, String reason) {

    /** The kinds of engines. */
    public enum Kind {
        /** The JDK's {@code StructuredTaskScope}, on JDK 25 and newer. */
        JDK,
        /** Threads that this library creates, which are virtual on JDK 21 and newer. */
        PORTABLE
    }
}
