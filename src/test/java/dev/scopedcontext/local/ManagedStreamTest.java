package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.OnThread;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.Spliterator;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A stream keeps the scope of the managed function that returned it until it is closed. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class ManagedStreamTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final Local local = Local.named("web");
    private final Local other = Local.named("other");
    private final LocalManager manager = LocalManager.of(local);
    private final List<Object> log = new ArrayList<>();

    @AfterEach
    void removeAll() {
        manager.cleanup();
        other.clear();
    }

    private Stream<String> application() {
        local.set("user", "alice");
        return IntStream.range(0, 3).mapToObj(i -> {
            int before = (Integer) local.computeIfAbsent("count", name -> 0);
            local.set("count", before + 1);
            return local.get("user") + " " + before + " " + KEY.orElse("unbound");
        }).onClose(() -> log.add("closed with " + local.orElse("count", "no count")));
    }

    private Stream<String> called() {
        Supplier<Stream<String>> managed = ManagedSupplier.of(manager, this::application);
        return ScopedContext.where(KEY, "bound").call(managed::get);
    }

    @Test // M5, M6, M8, X8
    void streamSeesTheLocalsAndItsContextUntilItIsClosed() throws Exception {
        try (Stream<String> body = called()) {
            assertThat(local.asMap().keySet()).isEmpty();
            assertThat(KEY.isBound()).isFalse();
            assertThat(body.peek(element -> log.add(local.asMap().keySet()))).containsExactly("alice 0 bound",
                    "alice 1 bound",
                    "alice 2 bound");
        }
        assertThat(log).containsExactly(Set.of(), Set.of(), Set.of(), "closed with 3");
        assertThat(local.asMap().keySet()).isEmpty();
    }

    @Test // X8
    void streamMayBeConsumedByOtherThreadsInTurn() throws Exception {
        Stream<String> body = called();
        Iterator<String> elements = body.iterator();
        List<String> found = new ArrayList<>();
        found.add(elements.next());
        OnThread.run(() -> {
            if (elements.hasNext()) {
                found.add(elements.next());
            }
            assertThat(CleanLocals.left(local)).isEmpty();
        });
        while (elements.hasNext()) {
            found.add(elements.next());
        }
        assertThat(found).containsExactly("alice 0 bound", "alice 1 bound", "alice 2 bound");
        OnThread.run(body::close);
        assertThat(log).containsExactly("closed with 3");
    }

    @Test
    void streamMayBeParallel() throws Exception {
        try (Stream<String> body = called()) {
            assertThat(body.parallel().map(String::length).toList()).containsExactly(13, 13, 13);
        }
        assertThat(log).containsExactly("closed with 3");
    }

    @Test
    void streamThatIsParallelInTheApplicationTakesNoStepOutsideOfTheScope() throws Exception {
        try (Stream<Object> body = ManagedSupplier.<Stream<Object>>of(manager, () -> {
            local.set("user", "alice");
            return IntStream.range(0, 1_000).boxed().parallel().map(i -> local.orElse("user", "unset")).sorted();
        }).get()) {
            assertThat(body.distinct().toList()).containsExactly("alice");
        }
    }

    @Test
    void streamKeepsItsCharacteristics() throws Exception {
        Comparator<String> order = Comparator.reverseOrder();
        TreeSet<String> sorted = new TreeSet<>(order);
        sorted.addAll(List.of("a", "b", "c"));
        try (Stream<String> body = ManagedSupplier.of(manager, () -> sorted.stream()).get()) {
            Spliterator<String> elements = body.spliterator();
            assertThat(elements.hasCharacteristics(Spliterator.SORTED | Spliterator.SIZED | Spliterator.DISTINCT))
                    .isTrue();
            assertThat(elements.getComparator()).isSameAs(order);
            assertThat(elements.estimateSize()).isEqualTo(3);
        }
        try (Stream<String> body = ManagedSupplier.of(manager, () -> Stream.of("x", null)).get()) {
            assertThat(body.toList()).containsExactly("x", null);
        }
    }

    @Test // M8
    void closesOnceAndOnlyThenIsNothingMoreFound() throws Exception {
        Stream<String> body = called();
        Iterator<String> elements = body.iterator();
        elements.next();
        body.close();
        body.close();
        assertThat(log).containsExactly("closed with 1");
        assertThatThrownBy(elements::next).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("The scope of LocalManager[1 local: web] is closed");
    }

    @Test // M8
    void scopeEndsAlsoWhenTheBodyCannotBeClosed() throws Exception {
        IllegalStateException failure = new IllegalStateException("close");
        List<LocalScope> scopes = new ArrayList<>();
        Stream<String> body = ManagedSupplier.of(manager, () -> {
            scopes.add(ManagedScopes.scopeOfThread());
            return Stream.of("a").onClose(() -> {
                throw failure;
            });
        }).get();
        assertThatThrownBy(body::close).isSameAs(failure).hasNoSuppressedExceptions();
        assertThatThrownBy(() -> scopes.get(0).run(() -> {
        })).isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
    }

    @Test
    void failureOfAStepPassesAndTheScopeStaysUntilItIsClosed() throws Exception {
        IllegalStateException failure = new IllegalStateException("step");
        Stream<Object> body = ManagedSupplier.<Stream<Object>>of(manager, () -> {
            local.set("user", "alice");
            return Stream.generate(() -> {
                throw failure;
            }).onClose(() -> log.add(local.get("user")));
        }).get();
        assertThatThrownBy(body::findFirst).isSameAs(failure);
        assertThat(local.asMap().keySet()).isEmpty();
        body.close();
        assertThat(log).containsExactly("alice");
    }

    @Test // M7
    void failureOfAnExitHookClosesTheStreamThatIsLostByIt() {
        IllegalStateException failure = new IllegalStateException("hook");
        Supplier<Stream<String>> wrapped = ManagedSupplier.of(manager, () -> {
            ScopedContext.onExit(ignored -> {
                throw failure;
            });
            return application();
        });
        assertThatThrownBy(wrapped::get).isSameAs(failure).hasNoSuppressedExceptions();
        assertThat(log).containsExactly("closed with no count");
    }

    @Test
    void streamsOfTwoManagersAreBothKept() throws Exception {
        LocalManager inner = LocalManager.of(other);
        Supplier<Stream<Object>> wrapped = ManagedSupplier.of(manager, ManagedSupplier.of(inner, () -> {
            local.set("n", 0);
            other.set("n", 0);
            return Stream.<Object>generate(() -> {
                local.set("n", (Integer) local.get("n") + 1);
                other.set("n", (Integer) other.get("n") + 10);
                return local.get("n") + " " + other.get("n");
            }).limit(3).onClose(() -> log.add(local.get("n") + " " + other.get("n")));
        }));
        try (Stream<Object> body = wrapped.get()) {
            assertThat(body).containsExactly("1 10", "2 20", "3 30");
        }
        assertThat(log).containsExactly("3 30");
    }

    @Test // L10
    void streamOfATaskOnTheSameThreadDoesNotReachTheScopeThatTheTaskWasHandedOverIn() {
        Supplier<Stream<Object>> wrapped = ManagedSupplier.of(LocalManager.of(other), () -> Stream.generate(() -> {
            Object before = local.get("user");
            local.set("user", "step");
            return before;
        }));
        manager.run(() -> {
            local.set("user", "parent");
            ScopedContext.capture().run(() -> {
                local.set("user", "task");
                try (Stream<Object> body = wrapped.get()) {
                    assertThat(body.findFirst()).contains("task");
                }
            });
            assertThat(local.get("user")).isEqualTo("parent");
        });
    }

    @Test
    void contextIdStaysTheSameInTheStream() throws Exception {
        LocalManager inner = LocalManager.of(other);
        List<String> ids = new ArrayList<>();
        try (Stream<String> body = ManagedSupplier.of(manager, ManagedSupplier.of(inner, () -> {
            ids.add(manager.contextId() + inner.contextId());
            return Stream.generate(() -> manager.contextId() + inner.contextId()).limit(2);
        })).get()) {
            body.forEach(ids::add);
        }
        assertThat(ids).hasSize(3).containsOnly(ids.get(0));
    }

    @Test
    void streamOfPrimitivesIsRefusedSinceItWouldLoseItsLocals() {
        Supplier<IntStream> wrapped = ManagedSupplier.of(manager, () -> IntStream.of(1));
        assertThatThrownBy(wrapped::get).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("A managed function returned ")
                .hasMessageEndingWith(", a stream of primitives, for which a managed scope cannot stay open: return a"
                        + " Stream, such as boxed() makes");
    }

    @Test
    void streamOfATypeOfItsOwnIsRefusedSinceItsCallerMayNeedThat() {
        Supplier<OwnStream> wrapped = ManagedSupplier.of(manager, () -> {
            local.set("user", "alice");
            return OwnStream.of(Stream.of("a").onClose(() -> log.add("closed by " + local.get("user"))));
        });
        assertThatThrownBy(wrapped::get).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("A managed function returned ")
                .hasMessageEndingWith(", a stream whose type is not just Stream, for which a managed"
                        + " scope cannot stay open: return a plain one, such as StreamSupport.stream("
                        + "it.spliterator(), false).onClose(it::close)");
        assertThat(log).containsExactly("closed by alice");
    }

    @Test // M8
    void streamThatCannotBeKeptIsClosedInTheScope() {
        IllegalStateException failure = new IllegalStateException("close");
        Supplier<IntStream> primitives = ManagedSupplier.of(manager, () -> {
            local.set("user", "alice");
            return IntStream.of(1).onClose(() -> {
                log.add("closed by " + local.get("user"));
                throw failure;
            });
        });
        assertThatThrownBy(primitives::get).hasMessageContaining("a stream of primitives")
                .hasSuppressedException(failure);
        Supplier<Stream<String>> used = ManagedSupplier.of(manager, () -> {
            Stream<String> body = application();
            assertThat(body.iterator()).isNotNull();
            return body;
        });
        assertThatThrownBy(used::get).isInstanceOf(IllegalStateException.class);
        assertThat(log).containsExactly("closed by alice", "closed with no count");
    }

    @Test
    void callDoesNotKeepTheScopeOfAStream() {
        Stream<Object> body = manager.call(() -> {
            local.set("user", "alice");
            return Stream.generate(() -> local.orElse("user", "gone"));
        });
        assertThat(body.findFirst()).contains("gone");
    }

    @Test // M5, M6
    void iteratorAndSpliteratorOfTheStreamSeeTheLocalsInEachStep() {
        Supplier<Stream<String>> managed = ManagedSupplier.of(manager, this::application);
        List<String> found = new ArrayList<>();
        try (Stream<String> body = managed.get()) {
            for (Iterator<String> steps = body.iterator(); steps.hasNext();) {
                found.add(steps.next() + local.asMap().keySet());
            }
        }
        try (Stream<String> body = managed.get()) {
            body.spliterator().forEachRemaining(row -> found.add(row + local.asMap().keySet()));
        }
        assertThat(found).containsExactly("alice 0 unbound[]", "alice 1 unbound[]", "alice 2 unbound[]",
                "alice 0 unbound[]", "alice 1 unbound[]", "alice 2 unbound[]");
        assertThat(log).containsExactly("closed with 3", "closed with 3");
    }

    @Test // M8, P25
    void stepAndClosingMayThrowTheSameFailure() {
        IllegalStateException failure = new IllegalStateException("both");
        Stream<Object> body = ManagedSupplier.<Stream<Object>>of(manager, () -> Stream.generate(() -> {
            throw failure;
        }).onClose(() -> {
            throw failure;
        })).get();
        assertThatThrownBy(body.iterator()::next).isSameAs(failure);
        assertThatThrownBy(body::close).isSameAs(failure).hasNoSuppressedExceptions();
        assertThat(local.asMap()).isEmpty();
    }

    @Test // M8
    void exitHookAndTheClosingOfTheStreamThatItLosesMayThrowTheSameFailure() {
        IllegalStateException failure = new IllegalStateException("both");
        Supplier<Stream<String>> managed = ManagedSupplier.of(manager, () -> {
            ScopedContext.onExit(ignored -> {
                throw failure;
            });
            return Stream.of("a").onClose(() -> {
                log.add("closed");
                throw failure;
            });
        });
        assertThatThrownBy(managed::get).isSameAs(failure).hasNoSuppressedExceptions();
        assertThat(log).containsExactly("closed");
    }

    @Test
    void resultMayBeNull() {
        assertThat(ManagedSupplier.<Stream<String>>of(manager, () -> null).get()).isNull();
    }

    @Test
    void managedTaskDoesNotKeepTheScopeOfAStream() throws Exception {
        Callable<Stream<Object>> task = manager.managed(() -> {
            local.set("user", "alice");
            return Stream.generate(() -> local.orElse("user", "gone"));
        });
        assertThat(task.call().findFirst()).contains("gone");
    }

    /** A stream with steps that are such streams again. */
    public interface OwnStream extends Stream<String> {

        @Override
        OwnStream filter(Predicate<? super String> predicate);

        /** Returns one that is the given stream. */
        static OwnStream of(Stream<String> stream) {
            return (OwnStream) Proxy.newProxyInstance(OwnStream.class.getClassLoader(), new Class<?>[]{OwnStream.class},
                    (proxy, method, arguments) -> method.invoke(stream, arguments));
        }
    }
}
