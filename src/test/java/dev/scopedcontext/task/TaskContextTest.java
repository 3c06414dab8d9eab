package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.KeyMirror;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.ThreadStateCarrier;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What subtasks see of the context, and what they do to it. */
@OnEachEngine
class TaskContextTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");
    private static final ContextKey<String> OTHER = ContextKey.named("other");

    /** J11. */
    @Test
    void subtasksAndTheirSubtasksSeeTheBindings() throws Exception {
        ScopedContext.where(KEY, "value").call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                scope.fork(KEY::get);
                scope.fork(() -> TaskScopes.race(KEY::get));
                assertThat(scope.join()).containsExactly("value", "value");
            }
            return null;
        });
    }

    /** J11. */
    @Test
    void whatASubtaskBindsIsItsOwn() throws Exception {
        ScopedContext.where(KEY, "value").call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                scope.fork(() -> ScopedContext.where(KEY, "inner").call(KEY::get));
                scope.fork(() -> {
                    try (Attachment attachment = ScopedContext.where(OTHER, "attached").attach()) {
                        return KEY.get() + OTHER.get();
                    }
                });
                assertThat(scope.join()).containsExactly("inner", "valueattached");
                assertThat(KEY.get()).isEqualTo("value");
                assertThat(OTHER.isBound()).isFalse();
            }
            return null;
        });
    }

    @Test
    void subtasksSeeNothingWhereNothingIsBound() throws Exception {
        try (var scope = TaskScope.open(Joiner.<Boolean>allSuccessfulOrThrow())) {
            scope.fork(KEY::isBound);
            assertThat(scope.join()).containsExactly(false);
        }
    }

    @Test
    void aBoundNullIsSeenAsBound() throws Exception {
        ScopedContext.where(KEY, null).call(() -> {
            assertThat(TaskScopes.race(() -> KEY.isBound() && KEY.get() == null)).isTrue();
            return null;
        });
    }

    @Test
    void handOffsAreAppliedToEachSubtask() throws Exception {
        ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();
        AtomicInteger opened = new AtomicInteger();
        ContextKey<String> dropped = ContextKey.<String>builder("dropped").handOff(HandOff.drop()).build();
        ContextKey<String> own = ContextKey.<String>builder("own").handOff(HandOff.perTask(
                captured -> captured + opened.incrementAndGet(), value -> events.add("closed " + value))).build();
        ScopedContext.where(dropped, "d").where(own, "own").call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                scope.fork(() -> own.get() + dropped.isBound());
                scope.fork(() -> own.get() + dropped.isBound());
                assertThat(scope.join()).containsExactlyInAnyOrder("own1false", "own2false");
            }
            assertThat(own.get()).isEqualTo("own");
            return null;
        });
        assertThat(events).containsExactlyInAnyOrder("closed own1", "closed own2");
    }

    @Test
    void aHandOffThatFailsIsTheSubtasksFailure() throws Exception {
        IllegalStateException failure = new IllegalStateException("open");
        ContextKey<String> failing = ContextKey.<String>builder("failing").handOff(HandOff.perTask(captured -> {
            throw failure;
        }, value -> {
        })).build();
        ScopedContext.where(failing, "f").call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>collect())) {
                scope.fork(() -> "never");
                assertThat(scope.join().failures()).containsExactly(failure);
            }
            return null;
        });
    }

    @Test
    void mirrorsAreShownOnTheThreadsOfSubtasks() throws Exception {
        ThreadLocal<String> shown = new ThreadLocal<>();
        ContextKey<String> mirrored = ContextKey.<String>builder("mirrored").mirror(new KeyMirror<>() {
            @Override
            public Runnable show(String value) {
                String before = shown.get();
                shown.set(value);
                return () -> shown.set(before);
            }

            @Override
            public Runnable hide() {
                return show(null);
            }
        }).build();
        ScopedContext.where(mirrored, "m").call(() -> {
            assertThat(TaskScopes.race(shown::get)).isEqualTo("m");
            return null;
        });
    }

    @Test
    void carriersOfTheScopeAreInstalledInEachSubtask() throws Exception {
        ThreadLocal<String> state = new ThreadLocal<>();
        ThreadStateCarrier carrier = () -> {
            String captured = state.get();
            return () -> {
                state.set(captured);
                return state::remove;
            };
        };
        ScopedContext.carrying(carrier).call(() -> {
            state.set("carried");
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                scope.fork(state::get);
                state.set("later");
                scope.fork(state::get);
                assertThat(scope.join()).containsExactly("carried", "carried");
            }
            state.remove();
            return null;
        });
    }

    @Test
    void eachSubtaskIsAScopeOfItsOwn() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
            scope.fork(() -> {
                Thread thread = Thread.currentThread();
                ScopedContext.onExit(failure -> events.add("exit " + (Thread.currentThread() == thread)));
                events.add("body");
                return "done";
            });
            assertThat(scope.join()).containsExactly("done");
            assertThat(events).containsExactly("body", "exit true");
        }
    }

    @Test
    void whatAnExitHookOfASubtaskThrowsIsItsFailure() throws Exception {
        IllegalStateException failure = new IllegalStateException("hook");
        try (var scope = TaskScope.open(Joiner.<String>collect())) {
            scope.fork(() -> {
                ScopedContext.onExit(body -> {
                    throw failure;
                });
                return "done";
            });
            assertThat(scope.join().failures()).containsExactly(failure);
        }
    }

    /** The forks of a scope are those of one thread, whose attachments a parent may change meanwhile: none is seen. */
    @Test
    void subtasksDoNotSeeWhatTheOwnerBindsWhileTheyRun() throws Exception {
        CountDownLatch attached = new CountDownLatch(1);
        try (var scope = TaskScope.open(Joiner.<Boolean>allSuccessfulOrThrow())) {
            scope.fork(() -> {
                attached.await();
                return KEY.isBound();
            });
            try (Attachment attachment = ScopedContext.where(KEY, "later").attach()) {
                attached.countDown();
            }
            assertThat(scope.join()).containsExactly(false);
        }
    }

    @Test
    void aJoinerSeesTheBindingsOfTheScopeAndNothingOfTheSubtasks() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        ScopedContext.where(KEY, "value").<Void, Exception>call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>allUntil(subtask -> {
                seen.add(KEY.get() + OTHER.isBound());
                return false;
            }))) {
                scope.fork(() -> ScopedContext.where(OTHER, "inner").call(OTHER::get));
                scope.join();
            }
            return null;
        });
        assertThat(seen).containsExactly("valuefalse");
    }

    @Test
    void aJoinerSeesNothingWhereNothingIsBoundWhateverTheFactoryBinds() throws Exception {
        List<Boolean> seen = new CopyOnWriteArrayList<>();
        ThreadFactory factory = task -> new Thread(() -> ScopedContext.where(KEY, "of the factory").run(task));
        try (var scope = TaskScope.open(Joiner.<Boolean>allUntil(subtask -> {
            seen.add(KEY.isBound());
            return false;
        }), c -> c.withThreadFactory(factory))) {
            scope.fork(KEY::isBound);
            assertThat(scope.join()).extracting(Subtask::get).containsExactly(false);
        }
        assertThat(seen).containsExactly(false);
    }

    @Test
    void theContextIsHandedOverToAJoinerAsToASubtask() throws Exception {
        List<String> opened = new CopyOnWriteArrayList<>();
        AtomicInteger closed = new AtomicInteger();
        ContextKey<String> own = ContextKey.<String>builder("own")
                .handOff(HandOff.perTask(parent -> "a child of " + parent, child -> closed.incrementAndGet())).build();
        ScopedContext.where(own, "parent").<Void, Exception>call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>allUntil(subtask -> opened.add(own.get())))) {
                scope.fork(own::get);
                scope.join();
            }
            return null;
        });
        assertThat(opened).containsExactly("a child of parent");
        assertThat(closed).hasValue(2);
    }

    @Test
    void aJoinerToWhomTheContextCannotBeHandedOverFailsTheScope() throws Exception {
        IllegalStateException failure = new IllegalStateException("not handed over");
        AtomicInteger times = new AtomicInteger();
        ContextKey<String> key = ContextKey.<String>builder("second time").handOff(new HandOff<>() {
            @Override
            public String open(String captured) {
                if (times.incrementAndGet() == 2) {
                    throw failure;
                }
                return captured;
            }
        }).build();
        ScopedContext.where(key, "value").<Void, Exception>call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>allUntil(subtask -> false))) {
                scope.fork(key::get);
                assertThatThrownBy(scope::join).isSameAs(failure);
            }
            return null;
        });
    }
}
