package dev.scopedcontext.spring.reactive;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ScopeOpener;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The scopes of several beans, each inside those before it.
 *
 * @param openers the beans, the outermost first
 * @param <B> the type of the beans
 */
record ExchangeScopes<B>(List<B> openers) {

    boolean isEmpty() {
        return openers.isEmpty();
    }

    /** Returns the scope for an exchange. It calls each of the other beans inside the scopes of those before it. */
    ScopeOpener of(Function<B, @Nullable ScopeOpener> call) {
        ScopeOpener all = opened(openers.get(0), call);
        for (B next : openers.subList(1, openers.size())) {
            all = all.enclosing(() -> opened(next, call));
        }
        return all;
    }

    private static <B> ScopeOpener opened(B opener, Function<B, @Nullable ScopeOpener> call) {
        return requireNonNull(call.apply(opener),
                () -> opener + " returned null: return ScopedContext.without() to open no scope");
    }
}
