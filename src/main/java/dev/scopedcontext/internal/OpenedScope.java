package dev.scopedcontext.internal;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Checks the scopes that {@code ScopeOpener.open()} returns, which applications may implement. */
public final class OpenedScope {

    private OpenedScope() {
    }

    /** Returns an opened scope. Throws {@code NullPointerException} that names the opener if the scope is null. */
    public static <S> S of(Object opener, @Nullable S opened) {
        return requireNonNull(opened, () -> opener + ".open() returned null");
    }
}
