package dev.scopedcontext.task;

/**
 * What runs the subtasks of task scopes in this process, and why: the answer of {@link TaskScope#engine()},
 * made to be logged. Behaviour does not depend on it.
 *
 * @param kind what runs them
 * @param reason why, in a sentence
 */
public record EngineReport(Kind kind, String reason) {

    /** What runs subtasks. */
    public enum Kind {
        /** The JDK's {@code StructuredTaskScope}: JDK 25 and newer. */
        JDK,
        /** Threads of this library: virtual on JDK 21 to 24, platform threads before, and wherever asked for. */
        PORTABLE
    }
}
