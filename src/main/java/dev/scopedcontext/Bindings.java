package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.CheckReturnValue;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A set of bindings, which take effect when {@code run}, {@code call} or {@code attach} is called. {@link
 * ScopedContext#where} and {@link ScopedContext#without} create bindings. {@link #where} and {@link #without} add to
 * them:
 *
 * {@snippet class="dev.scopedcontext.documents.ReadmeExamplesTest" region="bindings"}
 *
 * <p>The body sees these bindings in addition to those that are current at the call. When the body ends, normally or by
 * an exception, the previous bindings are restored. Bindings can be entered any number of times, also inside
 * themselves.
 *
 * <p><b>Other threads.</b> The bindings are in effect on the calling thread. {@link ContextKey} specifies which other
 * threads see them.
 *
 * <p>Instances are immutable and thread-safe. Unless noted otherwise, passing null throws a {@code
 * NullPointerException} that names the parameter. Values may be null.
 */
public final class Bindings extends Binding implements ScopeOpener {

    static final Bindings NONE = new Bindings();

    private Bindings() {
    }

    private Bindings(Key key, @Nullable Object value, Bindings outer) {
        super(key, value, outer);
    }

    /**
     * Returns these bindings and one more. If a key is bound twice, the last value applies; if the key {@linkplain
     * ContextKey.Builder#nesting nests}, both values are combined.
     *
     * @param key the key
     * @param value the value to bind, may be null
     * @param <T> the type of the value
     * @return new bindings; these do not change
     */
    @CheckReturnValue
    public <T extends @Nullable Object> Bindings where(ContextKey<T> key, T value) {
        Object before = requireNonNull(key, "key").nesting == null ? ABSENT : newest(key).value;
        return new Bindings(key, before == ABSENT ? value : key.nest(before, value), this);
    }

    /**
     * Returns these bindings with some keys unbound. Inside, reads of these keys behave as if the keys were not bound
     * outside, so their defaults apply. Mirrors hide the values that they show. To run code with all keys unbound, use
     * {@link ContextSnapshot#empty()}.
     *
     * @param keys the keys; for each of them, the last {@code where} or {@code without} applies
     * @return new bindings; these do not change
     */
    @CheckReturnValue
    public Bindings without(ContextKey<?>... keys) {
        Bindings bindings = this;
        for (ContextKey<?> key : requireNonNull(keys, "keys")) {
            bindings = new Bindings(requireNonNull(key, "key"), ABSENT, bindings);
        }
        return bindings;
    }

    /**
     * Returns these bindings with carriers, which take the thread-local state of other libraries along with every
     * hand-over out of the body. They are added to the carriers that are in effect outside.
     *
     * @param carriers the carriers
     * @return new bindings; these do not change
     */
    @CheckReturnValue
    public Bindings carrying(ThreadStateCarrier... carriers) {
        Carriers added = Carriers.of(requireNonNull(carriers, "carriers"));
        Object before = newest(Carriers.KEY).value;
        return new Bindings(Carriers.KEY, before == ABSENT ? added : Carriers.KEY.nest(before, added), this);
    }

    /**
     * Returns the value of a key in these bindings. Ignores the current bindings and the default of the key.
     *
     * @param key the key
     * @param <T> the type of the value
     * @return the value, which is null if the key is bound to null
     * @throws UnboundContextException if these bindings do not bind the key
     */
    public <T extends @Nullable Object> T get(ContextKey<T> key) {
        Object value = newest(requireNonNull(key, "key")).value;
        if (value == ABSENT) {
            throw new UnboundContextException(key + " is not among these bindings: " + this);
        }
        return key.cast(value);
    }

    /**
     * Runs an operation with these bindings.
     *
     * @param op the operation; its exceptions propagate unchanged
     */
    @Override
    public void run(Runnable op) {
        requireNonNull(op, "op");
        @Nullable
        Object[] cell = Current.BACKEND.cell();
        Scope scope = Scope.running(Current.frame(cell).plus(this), op);
        showIn(scope);
        Current.BACKEND.run(scope, cell);
        Current.markAround(scope);
    }

    /**
     * Calls an operation with these bindings.
     *
     * @param op the operation
     * @param <R> the type of the result
     * @param <X> the type of exception that the operation throws
     * @return the result of the operation
     * @throws X if the operation throws it; it propagates unchanged
     */
    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        @Nullable
        Object[] cell = Current.BACKEND.cell();
        Scope scope = Scope.calling(Current.frame(cell).plus(this), op);
        showIn(scope);
        Current.BACKEND.run(scope, cell);
        Current.markAround(scope);
        return scope.result();
    }

    private void showIn(Scope scope) {
        if (has(Key.MIRRORED)) {
            scope.pending = new Mirrors.Entry(scope);
        }
    }

    @Override
    @CheckReturnValue
    public OpenScope open() {
        return OpenScope.sharing(new OpenBindings(this));
    }

    /**
     * Puts these bindings into effect until the returned attachment is closed. They apply to the calling thread, within
     * the innermost {@code run} or {@code call} that surrounds this method call, if there is one. If the attachment is
     * still open when that returns, it is dropped and a warning is logged. With {@code -Dscopedcontext.strict=true}, an
     * {@code IllegalStateException} is thrown instead, which shows where it was attached.
     *
     * <p>On a thread that the JDK's own {@code StructuredTaskScope} has forked, the bindings are added to the inherited
     * ones, for that thread alone and for work that it hands over.
     *
     * @return the attachment, which restores the previous bindings when it is closed; use it with {@code try}
     */
    @CheckReturnValue
    public Attachment attach() {
        return Attaching.open(this);
    }

    /** Returns the names of the keys, including unbound ones. Values are omitted, since they may be confidential. */
    @Override
    public String toString() {
        StringJoiner names = new StringJoiner(", ", "[", "]");
        for (Binding b : newestOfEachKey()) {
            if (b.key != null && b.key != Carriers.KEY) {
                names.add(b.value == ABSENT ? "without " + b.key.name : b.key.name);
            }
        }
        return names.toString();
    }
}
