package dev.scopedcontext;

/** The backend that the JDK itself offers: {@code java.lang.ScopedValue}. */
final class PlatformBackend {

    private PlatformBackend() {
    }

    static Backend find() {
        return new ScopedValueBackend();
    }
}
