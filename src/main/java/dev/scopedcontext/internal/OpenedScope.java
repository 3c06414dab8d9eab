package dev.scopedcontext.internal;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Checks scopes that {@code open()} of a {@code ScopeOpener} returns, which may be a class of the application. */
public final class OpenedScope {

    private OpenedScope() {
    }

    /** Returns an opened scope, and refuses null with a message that names its opener. */
    public static <S> S of(Object opener, @Nullable S opened) {
        return requireNonNull(opened, () -> "what open() returns of " + opener);
    }
}
