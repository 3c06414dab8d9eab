package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of bindings, not in place until something is run with it. Made by {@link ScopedContext#where} and {@link
 * ScopedContext#without}, and added to by {@link #where} and {@link #without}:
 *
 * {@snippet class="dev.scopedcontext.ReadmeExamplesTest" region="bindings"}
 *
 * <p>What is run sees these bindings on top of those that are current when {@code run}, {@code call} or
 * {@code attach} is called; whatever way the body ends, the former ones are back afterwards.
 *
 * <p>Bindings are immutable: they may be kept, used again and shared by threads.
 *
 * <p><b>Null.</b> Arguments must not be null, or {@code NullPointerException} names the one that is; values
 * may.
 */
public final class Bindings implements ScopeOpener {

    static final Bindings NONE = new Bindings();

    /** Up to this many bindings are compared with each other; the keys of more are put into a set. */
    private static final int FEW = 8;

    /**
     * The last binding added, and those added before it; the chain ends with {@link #NONE}, whose key is null. That
     * a key is not to be bound is a binding to {@link Frame#ABSENT}.
     */
    final @Nullable ContextKey<?> key;
    final @Nullable Object value;
    final Bindings outer;

    /** How many nodes the chain has: with a key bound twice, more than there are keys. */
    final int size;

    /** Whether a key among these has a hand-off of its own, is that of the carriers, has a mirror, or nests. */
    final boolean handsOff;
    final boolean carries;
    final boolean mirrored;
    final boolean nests;

    private Bindings() {
        this.key = null;
        this.value = null;
        this.outer = this;
        this.size = 0;
        this.handsOff = false;
        this.carries = false;
        this.mirrored = false;
        this.nests = false;
    }

    Bindings(ContextKey<?> key, @Nullable Object value, Bindings outer) {
        this.key = key;
        this.value = value;
        this.outer = outer;
        this.size = outer.size + 1;
        this.handsOff = outer.handsOff || key.handsOff;
        this.carries = outer.carries || key == Carriers.KEY;
        this.mirrored = outer.mirrored || key.mirrored;
        this.nests = outer.nests || key.nesting != null;
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
    public <T extends @Nullable Object> Bindings where(ContextKey<T> key, T value) {
        Bindings before = requireNonNull(key, "key").nesting == null ? NONE : innermost(key);
        boolean alone = before.key == null || before.value == Frame.ABSENT;
        return new Bindings(key, alone ? value : key.nest(before.value, value), this);
    }

    /**
     * Returns these bindings, with some keys unbound: inside, they read as if nothing were bound to them around,
     * whether or not something is, and their defaults count again. Mirrors hide what they showed. For code that
     * begins anew in some respect; to begin anew in all, run in {@link ContextSnapshot#empty()}.
     *
     * @param keys the keys; for each of them the last of {@code where} and {@code without} counts
     * @return new bindings; these are left as they are
     */
    public Bindings without(ContextKey<?>... keys) {
        Bindings bindings = this;
        for (ContextKey<?> key : requireNonNull(keys, "keys")) {
            bindings = new Bindings(requireNonNull(key, "key"), Frame.ABSENT, bindings);
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
    public Bindings carrying(ThreadStateCarrier... carriers) {
        return where(Carriers.KEY, Carriers.of(requireNonNull(carriers, "carriers")));
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
        Bindings found = innermost(requireNonNull(key, "key"));
        if (found == NONE || found.value == Frame.ABSENT) {
            throw new UnboundContextException(key + " is not among these bindings: " + this);
        }
        return key.cast(found.value);
    }

    /**
     * Runs an operation with these bindings in place.
     *
     * @param op the operation; what it throws is thrown on unchanged
     */
    @Override
    public void run(Runnable op) {
        requireNonNull(op, "op");
        this.<@Nullable Void, RuntimeException>call(() -> {
            op.run();
            return null;
        });
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
        Frame outer = Frame.current();
        Scope scope = new Scope(outer.plus(this));
        return scope.enter(!mirrored ? op : () -> {
            Mirrors.show(this, outer, scope);
            return op.call();
        });
    }

    @Override
    public OpenScope open() {
        return new OpenBindings(this);
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
    public Attachment attach() {
        return LiveAttachment.open(this);
    }

    /** Returns the names of the keys, also of those unbound; values are not shown, since they may be secret. */
    @Override
    public String toString() {
        StringJoiner names = new StringJoiner(", ", "[", "]");
        forEach(b -> {
            if (b.key != null && b.key != Carriers.KEY) {
                names.add(b.value == Frame.ABSENT ? "without " + b.key.name() : b.key.name());
            }
        });
        return names.toString();
    }

    /** Returns the keys that are to be unbound, even if they are bound again after that. */
    Set<ContextKey<?>> unboundKeys() {
        Set<ContextKey<?>> keys = Set.of();
        for (Bindings b = this; b.key != null; b = b.outer) {
            if (b.value == Frame.ABSENT) {
                keys = keys.isEmpty() ? new HashSet<>() : keys;
                keys.add(b.key);
            }
        }
        return keys;
    }

    /** Visits the binding that counts of each key, the last ones first. */
    void forEach(Consumer<Bindings> action) {
        Set<ContextKey<?>> seen = size > FEW ? new HashSet<>() : Set.of();
        for (Bindings b = this; b.key != null; b = b.outer) {
            if (size > FEW ? seen.add(b.key) : innermost(b.key) == b) {
                action.accept(b);
            }
        }
    }

    /** Returns the node that holds a key's binding, or {@link #NONE}. */
    Bindings innermost(ContextKey<?> key) {
        Bindings b = this;
        while (b.key != key && b.key != null) {
            b = b.outer;
        }
        return b;
    }
}
