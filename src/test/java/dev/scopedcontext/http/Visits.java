package dev.scopedcontext.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalVar;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.task.TaskScopes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests of a test: what is put around each of them, and what became of it. A visit has an id, which is
 * known to the session, to a local and to a resource; these must agree wherever they are looked at.
 */
public final class Visits implements AutoCloseable {

    private final NamedContext request = NamedContext.named("request");
    private final ContextKey<String> id = request.key("id", String.class);
    private final ResourceKey<Connection> db = request.resource("db", Connection.class, this::connect);
    private final Local local = Local.named("visit");
    private final LocalVar<String> seen = local.var("seen", String.class);
    private final LocalVar<Integer> steps = local.var("steps", Integer.class);
    private final LocalManager manager = LocalManager.of(local);

    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final ExecutorService propagating = ContextExecutors.propagating(pool);

    private final AtomicInteger open = new AtomicInteger();
    private final Map<String, CompletableFuture<List<String>>> ended = new ConcurrentHashMap<>();
    private final Map<String, List<String>> hooks = new ConcurrentHashMap<>();
    private final Collection<String> wrong = new ConcurrentLinkedQueue<>();

    /** Declares what a visit has. */
    public Visits() {
        request.onSessionExit(failure -> {
            expect("the id in the hook is that of the resource", db.get().id.equals(id.get()));
            expect("the resource is open in the hook", db.get().isOpen.get());
            hooks.merge(id.get(), List.of(failure == null ? "well" : failure.getClass().getSimpleName()), (a, b) -> {
                wrong.add("two hooks of " + id.get() + ": " + a + b);
                return a;
            });
        });
    }

    /** Something that is to be closed. */
    private record Connection(String id, AtomicBoolean isOpen, AtomicInteger count) implements AutoCloseable {

        @Override
        public void close() {
            if (isOpen.compareAndSet(true, false)) {
                count.decrementAndGet();
            }
        }
    }

    private Connection connect() {
        open.incrementAndGet();
        return new Connection(id.get(), new AtomicBoolean(true), open);
    }

    /** Returns what is to be put around a visit. */
    public ScopeOpener visit(String name) {
        return new Ending(name).enclosing(() -> request.session().where(id, name)).enclosing(() -> manager);
    }

    /** Looks around, and leaves a mark: returns how many times this has been called in the visit. */
    public int step(String name) {
        expect(name + " has the id " + id.orElse(null), name.equals(id.orElse(null)));
        expect(name + " has the resource of its own", db.get().id.equals(name));
        expect(name + " has seen " + seen.orElse(name), seen.orElse(name).equals(name));
        seen.set(name);
        steps.set(steps.orElse(0) + 1);
        return steps.get();
    }

    /** Looks around in subtasks, and in tasks of an executor. */
    public void fork(String name) {
        try {
            TaskScopes.par(() -> step(name), () -> step(name), Integer::sum);
            propagating.submit(() -> step(name)).get();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** Tells whether there is a visit here. */
    public boolean isHere() {
        return id.isBound() || local.isSet("seen");
    }

    /** Runs something on another thread, with no context. */
    public void elsewhere(CallableOp<?, Exception> op) {
        pool.execute(() -> {
            try {
                op.call();
            } catch (Exception failure) {
                wrong.add(failure.toString());
            }
        });
    }

    /** Runs something on another thread, with the context. */
    public void handOver(Runnable op) {
        propagating.execute(op);
    }

    /** Notes what is wrong. */
    public void expect(String what, boolean holds) {
        if (!holds) {
            wrong.add("not so: " + what);
        }
    }

    /** Waits until a visit has ended, and returns what its hook saw: "well", or the name of the failure. */
    public String endOf(String name) throws Exception {
        List<String> saw = endingOf(name).get(30, SECONDS);
        assertThat(saw).hasSize(1);
        return saw.get(0);
    }

    /** Tells whether a visit has ended. */
    public boolean hasEnded(String name) {
        return endingOf(name).isDone();
    }

    private CompletableFuture<List<String>> endingOf(String name) {
        return ended.computeIfAbsent(name, any -> new CompletableFuture<>());
    }

    /** Checks that visits have ended, each of them once, and that nothing went wrong in them. */
    public void assertAllWell(Collection<String> names) throws Exception {
        for (String name : names) {
            endOf(name);
        }
        assertThat(wrong).isEmpty();
        assertThat(open).hasValue(0);
        assertThat(hooks.keySet()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }

    /** Notes the end of a visit, after all else. */
    private final class Ending implements ScopeOpener {

        private final String name;

        Ending(String name) {
            this.name = name;
        }

        @Override
        public <R, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
            try (OpenScope scope = open()) {
                return scope.call(op);
            }
        }

        @Override
        public OpenScope open() {
            return new OpenScope() {
                @Override
                public <R, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
                    return op.call();
                }

                @Override
                public void close(Throwable failure) {
                    expect("one end of " + name, endingOf(name).complete(hooks.getOrDefault(name, List.of())));
                }
            };
        }
    }
}
