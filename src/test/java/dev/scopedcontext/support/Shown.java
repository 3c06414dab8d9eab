package dev.scopedcontext.support;

import dev.scopedcontext.KeyMirror;
import dev.scopedcontext.internal.Failures;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A mirror that shows the value of a key in a thread-local variable. It can be set to fail. */
public final class Shown implements KeyMirror<String> {

    /** The value that each thread shows; empty unless set. */
    public final ThreadLocal<@Nullable String> value = new ThreadLocal<>();

    public final AtomicReference<@Nullable RuntimeException> failsToShow = new AtomicReference<>();
    public final AtomicReference<@Nullable RuntimeException> failsToRestore = new AtomicReference<>();

    @Override
    public Runnable show(String shown) {
        Failures.throwIfAny(failsToShow.get());
        return replace(shown);
    }

    @Override
    public Runnable hide() {
        return replace(null);
    }

    private Runnable replace(@Nullable String next) {
        String before = value.get();
        set(next);
        return () -> {
            set(before);
            Failures.throwIfAny(failsToRestore.get());
        };
    }

    private void set(@Nullable String next) {
        if (next == null) {
            value.remove();
        } else {
            value.set(next);
        }
    }
}
