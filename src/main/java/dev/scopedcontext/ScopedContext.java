package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.CheckReturnValue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The door to the library: binds values for the code that is run with them, captures what is bound, and
 * registers what is to be done when the innermost scope ends.
 *
 * {@snippet class="dev.scopedcontext.documents.ReadmeExamplesTest" region="bindings"}
 *
 * <p>A <em>scope</em> is the dynamic extent of a {@code run}, {@code call} or {@code attach}: of {@link
 * Bindings}, or of a {@link ContextSnapshot}. Scopes nest, and each belongs to the thread that opened it.
 */
public final class ScopedContext {

    private ScopedContext() {
    }

    /**
     * Returns a binding that is not in place until something is run with it.
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
     * Returns bindings that unbind some keys for what is run with them.
     *
     * @param keys the keys; with none, the bindings do nothing until others are added
     * @return the bindings, to which others can be added
     * @see Bindings#without
     */
    @CheckReturnValue
    public static Bindings without(ContextKey<?>... keys) {
        return Bindings.NONE.without(keys);
    }

    /**
     * Returns bindings that bind nothing, and have carriers take the thread-local state of other libraries
     * along with every hand-off out of what is run with them.
     *
     * @param carriers what takes that state along
     * @return the bindings, to which others can be added
     * @see Bindings#carrying
     */
    @CheckReturnValue
    public static Bindings carrying(ThreadStateCarrier... carriers) {
        return Bindings.NONE.carrying(carriers);
    }

    /**
     * Captures what is bound for the calling thread now, to look at it or to run something with it later or
     * elsewhere. Applies the {@linkplain HandOff#capture hand-offs} of the keys that have one and the
     * carriers that are switched on; without these, nothing is copied or allocated.
     *
     * @return the context as it is now
     */
    @CheckReturnValue
    public static ContextSnapshot capture() {
        return ContextSnapshot.capture();
    }

    /**
     * Registers an action for the end of the innermost {@code run}, {@code call} or {@code attach} of the
     * calling thread. The actions of a scope run in reverse order of registration, on its thread, while what
     * it binds is still bound. Each gets the failure with which the scope ends so far, or null: the body's,
     * whether or not the body handled others before, or else the first of an action that ran before it. An
     * {@link Attachment} does not know the failure of the code that it is around, so its hooks get null unless
     * {@link #markFailed} was called. Use {@code run} or {@code call} if hooks must know.
     *
     * <p>All actions run. What they throw is thrown by the scope, or suppressed into the body's failure.
     *
     * @param hook the action
     * @throws IllegalStateException if the calling thread is in no scope, or in one that it has inherited
     *         from a thread that forked it with the JDK's own {@code StructuredTaskScope}
     */
    public static void onExit(Consumer<? super @Nullable Throwable> hook) {
        requireNonNull(hook, "hook");
        ownScope("onExit(hook)").onExit(hook);
    }

    /**
     * Marks the innermost {@code run}, {@code call} or {@code attach} of the calling thread as failed, although its
     * body will return. For code that turns an exception into a response, such as the exception handler of a web
     * framework: a transaction hook would otherwise commit.
     *
     * {@snippet class="dev.scopedcontext.MarkFailedTest" region="markFailed"}
     *
     * <p>The {@linkplain #onExit exit hooks} of that scope get the failure, and so do the hooks of the scopes around
     * it on this thread, among them sessions of named contexts, as if the exception had been thrown. Nothing is
     * thrown: the scopes return what their bodies return, and failures of hooks are suppressed into the mark. The
     * mark does not pass the end of a captured context, such as a {@link ContextSnapshot} or a wrapped task. If a
     * scope ends with an exception after it was marked, its hooks get the exception, into which the mark is
     * suppressed. A scope that is marked twice keeps the first failure, with the later one suppressed into it. A hook
     * may mark its scope, for the hooks that were registered before it and for the scopes around.
     *
     * @param failure the failure
     * @throws IllegalStateException if the calling thread is in no scope, or in one that it has inherited
     *         from a thread that forked it with the JDK's own {@code StructuredTaskScope}
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
     * Ties something that is opened now, and is to be closed before the innermost scope of the calling thread
     * ends, to that scope. Unlike {@link #onExit} it can be released, and it can be used where there is no
     * scope, or an inherited one; the action is then never run.
     *
     * @param leftOpen what to do if the scope ends before the anchor is released: a hook as {@code onExit} has
     * @return the anchor
     */
    public static ScopeAnchor anchor(Consumer<? super @Nullable Throwable> leftOpen) {
        return LiveAnchor.drop(requireNonNull(leftOpen, "leftOpen"));
    }

    /**
     * Returns an anchor that only tells whether it is {@linkplain ScopeAnchor#isCurrent() current}. It needs no
     * release, and nothing keeps it but the caller.
     *
     * @return the anchor
     */
    public static ScopeAnchor anchor() {
        return LiveAnchor.drop();
    }

    /**
     * Tells what the library stands on in this process, and why.
     *
     * @return a report
     */
    public static BackendReport backend() {
        return Current.backend();
    }
}
