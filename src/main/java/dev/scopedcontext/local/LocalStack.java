package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.proxy.ContextProxies;
import dev.scopedcontext.proxy.ProxySource;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stack that each context has for itself: of what is being worked on, where one thing can begin inside
 * another.
 *
 * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="stack"}
 *
 * <p>What happens on other threads, and outside of any managed scope, is what {@link Local} says: a task starts
 * with the stack as of the capture, and neither what it pushes nor what it pops changes another's.
 *
 * <p>Safe to use by any number of threads. <b>Null</b> cannot be pushed; a null argument is a {@code
 * NullPointerException} that names it.
 *
 * @param <T> the type of the elements
 */
public final class LocalStack<T> extends ContextLocal {

    /** Under this name the cell has the topmost element and, through it, those below: all of it immutable. */
    private static final String TOP = "top";

    private static final int HASH = Cell.hash(TOP);

    private LocalStack(String name) {
        super(name);
    }

    /**
     * Creates an empty stack.
     *
     * @param name the name that messages show; it need not be unique
     * @param <T> the type of the elements
     * @return a new stack
     */
    public static <T> LocalStack<T> named(String name) {
        return new LocalStack<>(name);
    }

    /**
     * Puts an element on top of the stack of the current context.
     *
     * @param element the element
     * @return how many elements the stack has now
     * @throws IllegalStateException in strict mode, on a thread of a pool outside of any managed scope
     */
    public int push(T element) {
        requireNonNull(element, "element");
        Cell cell = store.toWrite();
        Element<T> below = topmost(cell);
        Element<T> top = new Element<>(element, below, depth(below) + 1);
        cell.set(TOP, HASH, top);
        return top.depth;
    }

    /**
     * Takes the topmost element from the stack of the current context.
     *
     * @return the element, or empty if there is none
     */
    public Optional<T> pop() {
        Element<T> top = topmost();
        if (top == null) {
            return Optional.empty();
        }
        if (top.below == null) {
            store.remove(TOP, HASH);
        } else {
            store.toWrite().set(TOP, HASH, top.below);
        }
        return Optional.of(top.value);
    }

    /**
     * Returns the topmost element of the current context, as an {@code Optional}.
     *
     * @return the element, or empty if there is none
     */
    public Optional<T> peek() {
        Element<T> top = topmost();
        return top == null ? Optional.empty() : Optional.of(top.value);
    }

    /**
     * Returns the topmost element of the current context.
     *
     * @return the element
     * @throws UnboundContextException if there is none
     */
    public T top() {
        Element<T> top = topmost();
        if (top == null) {
            throw new UnboundContextException(this + " is empty on " + Thread.currentThread() + ": push an element"
                    + " earlier in the same LocalManager.run, or, if that is done on another thread, hand the context"
                    + " of such a run over with ScopedContext.capture() or ContextExecutors");
        }
        return top.value;
    }

    /**
     * Returns how many elements the stack of the current context has.
     *
     * @return the number of elements
     */
    public int size() {
        return depth(topmost());
    }

    /**
     * Returns an object that forwards every call to what is the topmost element when it is called. It can be
     * made, kept and passed on anywhere.
     *
     * @param type what the element is used as
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied
     * @see ContextProxies
     */
    public T proxy(Class<T> type) {
        return proxy(type, element -> element);
    }

    /**
     * Returns an object that forwards every call to a part of what is the topmost element when it is called.
     *
     * @param type what the part is used as
     * @param part finds the part; what it throws is thrown on unchanged by each call
     * @param <P> that type
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied
     * @see ContextProxies
     */
    public <P> P proxy(Class<P> type, Function<? super T, ? extends P> part) {
        return ContextProxies.of(type, new Part<>(this, requireNonNull(part, "part")));
    }

    private @Nullable Element<T> topmost() {
        return topmost(store.toRead());
    }

    @SuppressWarnings("unchecked")
    private @Nullable Element<T> topmost(Cell cell) {
        Object top = cell.get(TOP, HASH);
        return top == Slot.ABSENT ? null : (Element<T>) top;
    }

    private static int depth(@Nullable Element<?> top) {
        return top == null ? 0 : top.depth;
    }

    /** What a proxy of a part of the topmost element forwards to. */
    private record Part<T, P>(LocalStack<T> stack,
            Function<? super T, ? extends P> function) implements ProxySource<P> {

        @Override
        public P get() {
            return function.apply(stack.top());
        }

        @Override
        public boolean isBound() {
            return stack.topmost() != null;
        }

        @Override
        public String toString() {
            return "top of " + stack;
        }
    }

    private record Element<T>(T value, @Nullable Element<T> below, int depth) {
    }
}
