package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/** The backend that the JDK itself offers: none here; the copy of this class for JDK 25 has one. */
final class PlatformBackend {

    private PlatformBackend() {
    }

    static @Nullable Backend find() {
        return null;
    }
}
