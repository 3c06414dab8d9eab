package dev.scopedcontext.jmh;

/** The JDK's own {@code StructuredTaskScope} and {@code ScopedValue}, where there are both. */
final class RawStructuredTaskScope {
    RawStructuredTaskScope(int keys) {
    }

    Object forkAndJoin(int subtasks) throws Exception {
        throw new UnsupportedOperationException("needs JDK 25");
    }

    Object submitAndGet(int subtasks) throws Exception {
        throw new UnsupportedOperationException("needs JDK 25");
    }
}
