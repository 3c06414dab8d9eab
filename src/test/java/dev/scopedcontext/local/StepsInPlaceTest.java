package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.support.PlainFork;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Steps through a result where its function was called need no hand-over; steps anywhere else do. */
@ExtendWith({CleanThread.class, CleanLocals.class})
@SuppressWarnings("CheckReturnValue") // the point is the call
class StepsInPlaceTest {

    private final AtomicInteger opened = new AtomicInteger();

    /** Each hand-over opens a value of its own. */
    private final ContextKey<String> connection = ContextKey.<String>builder("connection")
            .handOff(HandOff.perTask(value -> "opened " + opened.incrementAndGet(), value -> {
            })).build();

    private final Local local = Local.named("web");
    private final Local other = Local.named("other");
    private final LocalManager manager = LocalManager.of(local);
    private final LocalManager inner = LocalManager.of(other);

    /** Returns which connection each step uses, and which step it is. */
    private Stream<String> rows() {
        local.set("row", 0);
        return Stream.generate(() -> {
            local.set("row", (Integer) local.get("row") + 1);
            return connection.orElse("none") + "/" + local.get("row");
        });
    }

    @Test
    void managedStreamUsesTheConnectionOfTheSessionThatItIsConsumedIn() {
        NamedContext request = NamedContext.named("request");
        ResourceKey<AutoCloseable> db = request.resource("db", AutoCloseable.class, () -> {
            opened.incrementAndGet();
            return () -> {
            };
        }).perTask();
        request.session().run(() -> {
            try (Stream<Integer> rows = ManagedSupplier.of(manager, () -> IntStream.range(0, 100).boxed()
                    .peek(i -> assertThat(db.get()).isNotNull())).get()) {
                assertThat(rows.toList()).hasSize(100);
            }
        });
        assertThat(opened).hasValue(1);
    }

    @Test
    void stepSeesTheValuesAroundAsTheyAre() {
        ContextKey<String> dropped = ContextKey.<String>builder("dropped").handOff(HandOff.drop()).build();
        ScopedContext.where(connection, "session").where(dropped, "seen").run(() -> {
            try (Stream<String> rows = ManagedSupplier.of(manager, () -> rows().map(row -> row + dropped.get()))
                    .get()) {
                assertThat(rows.limit(2).toList()).containsExactly("session/1seen", "session/2seen");
            }
        });
        assertThat(opened).hasValue(0);
    }

    @Test
    void stepWhereAnythingWasBoundSinceIsHandedOver() {
        ScopedContext.where(connection, "session").run(() -> {
            try (Stream<String> rows = ManagedSupplier.of(manager, this::rows).get()) {
                Iterator<String> steps = rows.iterator();
                List<String> seen = new ArrayList<>();
                seen.add(steps.next());
                ScopedContext.where(connection, "inside").run(() -> seen.add(steps.next()));
                seen.add(steps.next());
                try (Attachment attached = ScopedContext.where(connection, "attached").attach()) {
                    seen.add(steps.next());
                }
                ScopedContext.capture().run(() -> seen.add(steps.next()));
                seen.add(steps.next());
                assertThat(seen).containsExactly("session/1", "opened 1/2", "session/3", "opened 2/4", "opened 4/5",
                        "session/6");
            }
        });
    }

    @Test
    void stepOnAnotherThreadIsHandedOver() throws Exception {
        List<String> seen = new ArrayList<>();
        ScopedContext.where(connection, "session").<Void, Exception>call(() -> {
            try (Stream<String> rows = ManagedSupplier.of(manager, this::rows).get()) {
                Iterator<String> steps = rows.iterator();
                OnThread.call(Thread::new, () -> seen.add(steps.next()));
                seen.add(steps.next());
            }
            return null;
        });
        assertThat(seen).containsExactly("opened 1/1", "session/2");
    }

    @Test
    void stepInsideAStepOnAnotherThreadIsInPlace() throws Exception {
        Supplier<Stream<String>> outer = ManagedSupplier.of(manager, () -> {
            Iterator<String> inside = ManagedSupplier.of(inner, () -> Stream.generate(connection::get)).get()
                    .iterator();
            return Stream.generate(() -> connection.get() + "/" + inside.next());
        });
        List<String> seen = new ArrayList<>();
        ScopedContext.where(connection, "session").<Void, Exception>call(() -> {
            try (Stream<String> rows = outer.get()) {
                Iterator<String> steps = rows.iterator();
                OnThread.call(Thread::new, () -> seen.add(steps.next()));
                seen.add(steps.next());
                OnThread.call(Thread::new, () -> seen.add(steps.next()));
            }
            return null;
        });
        assertThat(seen).containsExactly("opened 1/opened 1", "session/session", "opened 2/opened 2");
    }

    @Test
    void stepInAForkThatInheritedThePlaceIsHandedOver() {
        ScopedContext.where(connection, "session").run(() -> {
            try (Stream<String> rows = ManagedSupplier.of(manager, this::rows).get()) {
                assertThat(PlainFork.forked(rows.iterator()::next)).isEqualTo("opened 1/1");
            }
        });
    }

    @Test
    void stepAfterTheScopeAroundHasEndedIsHandedOver() {
        Stream<String> rows = ScopedContext.where(connection, "session")
                .call(() -> ManagedSupplier.of(manager, this::rows).get());
        ScopedContext.where(connection, "another").run(() -> {
            try (rows) {
                assertThat(rows.limit(2).toList()).containsExactly("opened 1/1", "opened 2/2");
            }
        });
        assertThat(opened).hasValue(3);
    }

    @Test
    void stepSeesWhatItsFunctionLeftAttached() {
        Supplier<Stream<String>> wrapped = ManagedSupplier.of(manager, () -> {
            ScopedContext.where(connection, "attached").attach();
            return rows();
        });
        try (Stream<String> rows = wrapped.get()) {
            assertThat(rows.limit(2).toList()).containsExactly("opened 1/1", "opened 2/2");
        }
    }

    @Test
    void functionOfTwoManagersNeedsNoHandOverEither() {
        ScopedContext.where(connection, "session").run(() -> {
            try (Stream<String> rows = ManagedSupplier.of(manager, ManagedSupplier.of(inner, this::rows)).get()) {
                assertThat(rows.limit(2).toList()).containsExactly("session/1", "session/2");
            }
            assertThat(opened).hasValue(0);
            Supplier<Stream<String>> bound = () -> ScopedContext.where(connection, "inside")
                    .call(ManagedSupplier.of(inner, this::rows)::get);
            try (Stream<String> rows = ManagedSupplier.of(manager, bound).get()) {
                assertThat(rows.limit(2).toList()).containsExactly("opened 1/1", "opened 2/2");
            }
        });
        assertThat(opened).hasValue(3);
    }

    @Test
    void scopeFurtherOutGoesOnAlsoWhenTheOneBetweenHasEnded() {
        Local between = Local.named("between");
        manager.run(() -> {
            local.set("n", 1);
            Stream<Object> rows = LocalManager.of(between).call(() -> {
                between.set("n", 10);
                return ManagedSupplier.of(inner, () -> Stream.<Object>generate(() -> {
                    local.set("n", (Integer) local.get("n") + 1);
                    between.set("n", (Integer) between.get("n") + 1);
                    return local.get("n") + " " + between.get("n");
                })).get();
            });
            try (rows) {
                assertThat(rows.limit(2).toList()).containsExactly("2 11", "3 11");
            }
            assertThat(local.get("n")).isEqualTo(3);
        });
    }

    @Test
    void scopeFurtherOutDoesNotStandInForOneThatHidItsValues() {
        manager.run(() -> {
            local.set("user", "outer");
            for (LocalManager hiding : List.of(manager, LocalManager.of(local))) {
                List<String> ids = new ArrayList<>();
                Stream<Object> rows = hiding.call(() -> {
                    local.set("user", "inner");
                    ids.add(hiding.contextId());
                    return ManagedSupplier.of(inner, () -> Stream.generate(() -> {
                        ids.add(hiding.contextId());
                        return local.get("user");
                    })).get();
                });
                try (rows) {
                    assertThat(rows.findFirst()).contains("inner");
                }
                assertThat(ids.get(1)).startsWith(ids.get(0) + "/task-");
            }
            assertThat(local.get("user")).isEqualTo("outer");
        });
    }
}
