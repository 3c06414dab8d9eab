package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.internal.ThreadAdvice;
import dev.scopedcontext.proxy.ContextProxies;
import dev.scopedcontext.proxy.ProxySource;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stack that is separate in each context, for nested units of work.
 *
 * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="stack"}
 *
 * <p><b>Other threads.</b> A task starts with the stack at the time of the capture. Its pushes and pops do not change
 * the stack of any other context. Outside of any managed scope, the rules of {@link Local} apply.
 *
 * <p>Instances are thread-safe. Unless noted otherwise, passing null throws a {@code NullPointerException} that names
 * the parameter. Elements cannot be null.
 *
 * @param <T> the type of the elements
 */
public final class LocalStack<T> extends ContextLocal {

    /** The name of the topmost element, which refers to the elements below. All of them are immutable. */
    private static final String TOP = "top";

    private static final int HASH = ValueTable.hash(TOP);

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
     * @return the new number of elements
     * @throws IllegalStateException in a step of a hand-off on the other thread; in strict mode, also on a thread of a
     *         pool outside of any managed scope
     */
    public int push(T element) {
        requireNonNull(element, "element");
        ValueTable table = tables.toWrite();
        Element<T> below = topmost(table);
        Element<T> top = new Element<>(element, below, depth(below) + 1);
        table.set(TOP, HASH, top);
        return top.depth;
    }

    /**
     * Removes the topmost element from the stack of the current context.
     *
     * @return the element, or empty if there is none
     */
    public Optional<T> pop() {
        Element<T> top = topmost();
        if (top == null) {
            return Optional.empty();
        }
        if (top.below == null) {
            tables.remove(TOP, HASH);
        } else {
            tables.toWrite().set(TOP, HASH, top.below);
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
                    + " of such a run over with ScopedContext.capture() or ContextExecutors"
                    + ThreadAdvice.forCaller());
        }
        return top.value;
    }

    /**
     * Returns the number of elements of the stack in the current context.
     *
     * @return the number of elements
     */
    public int size() {
        return depth(topmost());
    }

    /**
     * Returns a proxy that forwards each call to the element that is topmost at that time. It can be created, stored
     * and passed on anywhere.
     *
     * @param type the type of the proxy
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied
     * @see ContextProxies
     */
    public T proxy(Class<T> type) {
        return proxy(type, element -> element);
    }

    /**
     * Returns a proxy that forwards each call to a part of the element that is topmost at that time.
     *
     * @param type the type of the proxy
     * @param part returns the part; its exceptions propagate unchanged to the caller of the proxy
     * @param <P> the type of the proxy
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied
     * @see ContextProxies
     */
    public <P> P proxy(Class<P> type, Function<? super T, ? extends P> part) {
        return ContextProxies.of(type, new Part<>(this, requireNonNull(part, "part")));
    }

    private @Nullable Element<T> topmost() {
        return topmost(tables.toRead());
    }

    @SuppressWarnings("unchecked")
    private @Nullable Element<T> topmost(ValueTable table) {
        Object top = table.get(TOP, HASH);
        return top == NamedValue.ABSENT ? null : (Element<T>) top;
    }

    private static int depth(@Nullable Element<?> top) {
        return top == null ? 0 : top.depth;
    }

    /** The source of a proxy of a part of the topmost element. */
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
