package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.CheckReturnValue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Entry point: binds values for the duration of a call, captures the current context, and registers hooks for the end
 * of a scope.
 *
 * {@snippet class="dev.scopedcontext.documents.ReadmeExamplesTest" region="bindings"}
 *
 * <p>A <em>scope</em> is the dynamic extent of a {@code run}, {@code call} or {@code attach} of {@link Bindings} or of
 * a {@link ContextSnapshot}. Scopes nest, and each belongs to the thread that entered it. {@link ContextKey} specifies
 * which other threads see the bindings.
 *
 * <p>Any thread may call these methods. Unless noted otherwise, passing null throws a {@code NullPointerException} that
 * names the parameter.
 */
public final class ScopedContext {

    private ScopedContext() {
    }

    /**
     * Returns a binding, which takes effect when {@code run}, {@code call} or {@code attach} is called on it.
     *
     * @param key the key
     * @param value the value to bind, may be null
     * @param <T> the type of the value
     * @return the binding, to which others can be added
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Bindings where(ContextKey<T> key, T value) {
        return Bindings.NONE.where(key, value);
    }

    /**
     * Returns bindings that unbind some keys.
     *
     * @param keys the keys; if there are none, the bindings have no effect until others are added
     * @return the bindings, to which others can be added
     * @see Bindings#without
     */
    @CheckReturnValue
    public static Bindings without(ContextKey<?>... keys) {
        return Bindings.NONE.without(keys);
    }

    /**
     * Returns bindings without values, but with carriers, which take the thread-local state of other libraries along
     * with every hand-over out of the body.
     *
     * @param carriers the carriers
     * @return the bindings, to which others can be added
     * @see Bindings#carrying
     */
    @CheckReturnValue
    public static Bindings carrying(ThreadStateCarrier... carriers) {
        return Bindings.NONE.carrying(carriers);
    }

    /**
     * Captures the current context of the calling thread, to read it or to run code in it, later or on another thread.
     * Applies the {@linkplain HandOff#capture hand-offs} of the keys and the carriers that are in effect. If there are
     * none, nothing is copied.
     *
     * @return the current context
     */
    @CheckReturnValue
    public static ContextSnapshot capture() {
        return ContextSnapshot.capture();
    }

    /**
     * Registers a hook for the end of the innermost {@code run}, {@code call} or {@code attach} of the calling thread.
     * The hooks of a scope run in reverse order of registration, on its thread, while its bindings are still in effect.
     *
     * <p>Each hook receives the failure of the scope so far, or null. That is the exception of the body, or else the
     * first one of a hook that ran before. An {@link Attachment} does not get the exception of the code that it
     * surrounds, so its hooks receive null unless {@link #markFailed} was called. Use {@code run} or {@code call} if
     * hooks need the exception.
     *
     * <p>All hooks run. Their exceptions are thrown by the scope, or suppressed into the failure of the body.
     *
     * @param hook the hook
     * @throws IllegalStateException if the calling thread is in no scope, or in one that it has inherited from a thread
     *         that forked it with the JDK's own {@code StructuredTaskScope}
     */
    public static void onExit(Consumer<? super @Nullable Throwable> hook) {
        requireNonNull(hook, "hook");
        ownScope("onExit(hook)").onExit(hook);
    }

    /**
     * Marks the innermost {@code run}, {@code call} or {@code attach} of the calling thread as failed, although its
     * body will return. Use it in code that turns an exception into a response, such as the exception handler of a web
     * framework. Otherwise, a transaction hook would commit.
     *
     * {@snippet class="dev.scopedcontext.MarkFailedTest" region="markFailed"}
     *
     * <p>The {@linkplain #onExit exit hooks} of that scope receive the failure, as if it had been thrown. So do the
     * hooks of its outer scopes on this thread, including sessions of named contexts. The mark does not leave a
     * captured context, such as a {@link ContextSnapshot} or a wrapped task.
     *
     * <p>Nothing is thrown: the scopes return the results of their bodies, and failures of hooks are suppressed into
     * the mark. If a scope ends with an exception after it was marked, its hooks receive the exception, into which the
     * mark is suppressed. If a scope is marked twice, the later failure is suppressed into the first one. A failure is
     * not suppressed into one that has it as a cause, such as the wrapper that a framework throws, or the
     * reverse. A hook may mark its scope, for the hooks that were registered before it and for the outer scopes.
     *
     * @param failure the failure
     * @throws IllegalStateException if the calling thread is in no scope, or in one that it has inherited from a thread
     *         that forked it with the JDK's own {@code StructuredTaskScope}
     */
    public static void markFailed(Throwable failure) {
        requireNonNull(failure, "failure");
        ownScope("markFailed(failure)").mark(failure);
        Piece.note(failure);
    }

    private static Scope ownScope(String operation) {
        Scope scope = Current.scope();
        if (scope == null) {
            throw new IllegalStateException(
                    operation + " was called on " + Thread.currentThread() + " outside of any scope:"
                            + " call it inside ScopedContext.where(...).run(...), or while an attachment is open");
        }
        return scope.ensureOwned(operation);
    }

    /**
     * Links an object that is now opened to the innermost scope of the calling thread. If the scope ends before the
     * anchor is released, the hook runs. Unlike a hook of {@link #onExit}, an anchor can be released. It can also be
     * used outside of any scope, or in an inherited one; its hook then never runs.
     *
     * @param leftOpen the hook, which closes the object; it receives the same failure as a hook of {@code onExit}
     * @return the anchor
     */
    public static ScopeAnchor anchor(Consumer<? super @Nullable Throwable> leftOpen) {
        return LiveAnchor.drop(requireNonNull(leftOpen, "leftOpen"));
    }

    /**
     * Returns an anchor without a hook, which only shows whether it is {@linkplain ScopeAnchor#isCurrent() current}. It
     * needs no release, and only the caller retains it.
     *
     * @return the anchor
     */
    public static ScopeAnchor anchor() {
        return LiveAnchor.drop();
    }

    /**
     * Returns a report of the backend in use, and of the reason for it.
     *
     * @return the report
     */
    public static BackendReport backend() {
        return Current.backend();
    }
}
