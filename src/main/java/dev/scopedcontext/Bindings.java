package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.CheckReturnValue;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A set of bindings, not in place until something is run with it. Made by {@link ScopedContext#where} and {@link
 * ScopedContext#without}, and added to by {@link #where} and {@link #without}:
 *
 * {@snippet class="dev.scopedcontext.documents.ReadmeExamplesTest" region="bindings"}
 *
 * <p>What is run sees these bindings on top of those that are current when {@code run}, {@code call} or
 * {@code attach} is called; whatever way the body ends, the former ones are back afterwards.
 *
 * <p>Bindings are immutable: they may be kept, used again and shared by threads.
 *
 * <p><b>Null.</b> Arguments must not be null, or {@code NullPointerException} names the one that is; values
 * may.
 */
public final class Bindings extends Binding implements ScopeOpener {

    static final Bindings NONE = new Bindings();

    private Bindings() {
    }

    private Bindings(Key key, @Nullable Object value, Bindings outer) {
        super(key, value, outer);
    }

    /**
     * Returns these bindings and one more. The last one for a key wins, or is combined with those before it
     * if the key {@linkplain ContextKey.Builder#nesting nests}.
     *
     * @param key the key
     * @param value the value to bind, may be null
     * @param <T> the type of the value
     * @return new bindings; these are left as they are
     */
    @CheckReturnValue
    public <T extends @Nullable Object> Bindings where(ContextKey<T> key, T value) {
        Object before = requireNonNull(key, "key").nesting == null ? ABSENT : newest(key).value;
        return new Bindings(key, before == ABSENT ? value : key.nest(before, value), this);
    }

    /**
     * Returns these bindings, with some keys unbound: inside, they read as if nothing were bound to them around,
     * whether or not something is, and their defaults count again. Mirrors hide what they showed. For code that
     * begins anew in some respect; to begin anew in all, run in {@link ContextSnapshot#empty()}.
     *
     * @param keys the keys; for each of them the last of {@code where} and {@code without} counts
     * @return new bindings; these are left as they are
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
     * Returns these bindings, with carriers that take the thread-local state of other libraries along with
     * every hand-off out of what is run. They are added to the carriers that are switched on around it.
     *
     * @param carriers what takes that state along
     * @return new bindings; these are left as they are
     */
    @CheckReturnValue
    public Bindings carrying(ThreadStateCarrier... carriers) {
        Carriers added = Carriers.of(requireNonNull(carriers, "carriers"));
        Object before = newest(Carriers.KEY).value;
        return new Bindings(Carriers.KEY, before == ABSENT ? added : Carriers.KEY.nest(before, added), this);
    }

    /**
     * Returns the value that these bindings, and only these, have for a key.
     *
     * @param key the key
     * @param <T> the type of the value
     * @return the value, null if it is bound to null
     * @throws UnboundContextException if the key is not among these
     */
    public <T extends @Nullable Object> T get(ContextKey<T> key) {
        Object value = newest(requireNonNull(key, "key")).value;
        if (value == ABSENT) {
            throw new UnboundContextException(key + " is not among these bindings: " + this);
        }
        return key.cast(value);
    }

    /**
     * Runs an operation with these bindings in place.
     *
     * @param op the operation; what it throws is thrown on unchanged
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
     * Calls an operation with these bindings in place.
     *
     * @param op the operation
     * @param <R> the type of the result
     * @param <X> the type of exception that the operation throws
     * @return the result of the operation
     * @throws X if the operation does; it is thrown on unchanged
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
     * Puts these bindings in place until the returned attachment is closed: for everything that the calling
     * thread does meanwhile, inside the innermost {@code run} or {@code call} around this call if there is
     * one. One that is still open when that returns is dropped and reported to the log, or, with {@code
     * -Dscopedcontext.strict=true}, by an {@code IllegalStateException} that shows where it was attached.
     *
     * <p>On a thread that the JDK's own {@code StructuredTaskScope} has forked, the bindings are added to the inherited
     * ones, for that thread alone and for work that it hands over.
     *
     * @return the attachment, which takes the bindings away again; use it with {@code try}
     */
    @CheckReturnValue
    public Attachment attach() {
        return LiveAttachment.open(this);
    }

    /** Returns the names of the keys, also of those unbound; values are not shown, since they may be secret. */
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
