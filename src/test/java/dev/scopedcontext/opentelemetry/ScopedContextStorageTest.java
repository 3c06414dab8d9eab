package dev.scopedcontext.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.ChildJvm;
import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.support.PlainFork;
import dev.scopedcontext.support.Way;
import dev.scopedcontext.task.StructureViolationException;
import dev.scopedcontext.task.TaskScope;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** OpenTelemetry's current context, kept in ours. */
@ExtendWith(CleanThread.class)
class ScopedContextStorageTest {

    private static final ContextKey<String> NAME = ContextKey.named("name");
    private static final dev.scopedcontext.ContextKey<String> USER = dev.scopedcontext.ContextKey.named("user");
    private static final String PROPERTY = "-Dio.opentelemetry.context.contextStorageProvider=";

    private final ContextStorage storage = new ScopedContextStorage();
    private final Context one = Context.root().with(NAME, "one");
    private final Context two = Context.root().with(NAME, "two");
    private final List<@Nullable String> seen = new CopyOnWriteArrayList<>();

    static List<Way> ways() {
        return Way.all();
    }

    @Test
    void currentContextIsThatOfTheInnermostOpenScope() {
        look();
        try (Scope outer = storage.attach(one)) {
            look();
            try (Scope inner = storage.attach(two); Scope same = storage.attach(two)) {
                look();
            }
            look();
        }
        look();
        assertThat(seen).containsExactly(null, "one", "two", "one", null);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void currentContextTravelsWithOurs(Way way) {
        try (Scope scope = storage.attach(one)) {
            way.run(() -> {
                look();
                try (Scope inner = storage.attach(two)) {
                    look();
                }
                look();
            });
        }
        assertThat(seen).containsExactly("one", "two", "one");
    }

    @Test
    void inAnEmptyContextNoneIsCurrent() {
        ScopedContext.where(USER, "alice").run(() -> {
            try (Scope scope = storage.attach(one)) {
                ContextSnapshot.empty().run(this::look);
                assertThat(USER.get()).isEqualTo("alice");
            }
        });
        assertThat(seen).containsExactly((String) null);
    }

    @Test
    void aScopeClosedTwiceOrElsewhereIsLeftAlone() throws Exception {
        Scope outer = storage.attach(one);
        Scope inner = storage.attach(two);
        Thread other = new Thread(inner::close);
        other.start();
        other.join();
        look();
        ScopedContext.where(USER, "later").run(inner::close);
        look();
        inner.close();
        inner.close();
        look();
        outer.close();
        look();
        assertThat(seen).containsExactly("two", "two", "one", null);
    }

    @Test
    void scopesClosedOutOfOrderEndClean() {
        try (LogLines log = LogLines.capture()) {
            Scope outer = storage.attach(one);
            Scope inner = storage.attach(two);
            outer.close();
            look();
            inner.close();
            look();
            Scope around = storage.attach(one);
            Attachment above = ScopedContext.where(USER, "above").attach();
            around.close();
            look();
            above.close();
            assertThat(USER.isBound()).isFalse();
        }
        assertThat(seen).containsExactly(null, null, null);
    }

    @Test
    void aSpanDoesNotForbidForking() {
        forkUnderSpans();
        ScopedContext.where(USER, "alice").run(this::forkUnderSpans);
        assertThat(seen).containsExactly(null, "one", null, "one");
    }

    private void forkUnderSpans() {
        try (TaskScope<Object, Void, ExecutionException> tasks = TaskScope.open(); Scope span = storage.attach(one)) {
            tasks.fork(this::look);
            tasks.join();
        } catch (ExecutionException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
        try (Scope span = storage.attach(one);
                TaskScope<Object, Void, ExecutionException> tasks = TaskScope.open();
                Scope inner = storage.attach(two)) {
            tasks.fork(this::look);
            tasks.join();
        } catch (ExecutionException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void aSpanClosedOutOfOrderLeavesAnOpenTaskScopeAlone() {
        Runnable program = () -> {
            Scope span = storage.attach(one);
            try (TaskScope<Object, Void, ExecutionException> tasks = TaskScope.open()) {
                span.close();
                tasks.fork(this::look);
                tasks.join();
            } catch (ExecutionException | InterruptedException failure) {
                throw new AssertionError(failure);
            }
            look();
        };
        program.run();
        ScopedContext.where(USER, "alice").run(program);
        try (Attachment around = ScopedContext.where(USER, "alice").attach()) {
            program.run();
        }
        assertThat(seen).containsExactly("one", null, "one", null, "one", null);
    }

    @Test
    void aTaskScopeThatIsLeftOpenUnderASpanIsClosedByTheRunAround() {
        assertThatThrownBy(() -> ScopedContext.where(USER, "alice").run(() -> {
            Scope span = storage.attach(one);
            TaskScope.open();
            span.close();
        })).isInstanceOf(StructureViolationException.class).hasMessageContaining("was still open when the run");
    }

    @Test
    void otherBindingsStillForbidForking() {
        try (TaskScope<Object, Void, ExecutionException> tasks = TaskScope.open();
                Scope span = storage.attach(one);
                Attachment user = ScopedContext.where(USER, "alice").attach()) {
            assertThatThrownBy(() -> tasks.fork(this::look)).isInstanceOf(StructureViolationException.class)
                    .hasMessageContaining("under bindings made after it was opened");
        }
    }

    @Test
    void aScopeLeftOpenEndsWithTheRunAround() {
        try (LogLines log = LogLines.capture()) {
            Scope[] left = new Scope[1];
            ScopedContext.where(USER, "alice").run(() -> left[0] = storage.attach(one));
            look();
            left[0].close();
            assertThat(log.messages()).singleElement().asString()
                    .contains("Attachment[opentelemetry] was still open when the run");
        }
        assertThat(seen).containsExactly((String) null);
    }

    @Test
    void aPlainForkThatInheritsSeesTheCurrentContextAndMakesOthersForItself() {
        try (LogLines log = LogLines.capture()) {
            ScopedContext.where(USER, "alice").run(() -> {
                try (Scope scope = storage.attach(one)) {
                    for (int i = 0; i < 2; i++) {
                        PlainFork.forked(() -> {
                            look();
                            try (Scope inner = storage.attach(two)) {
                                look();
                            }
                            return null;
                        });
                    }
                }
            });
            String inherited = PlainFork.INHERITS ? "one" : null;
            assertThat(seen).containsExactly(inherited, "two", inherited, "two");
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void whatAHookOfTheScopeThrowsIsThrown() {
        IllegalStateException failure = new IllegalStateException("hook");
        Scope scope = storage.attach(one);
        ScopedContext.onExit(end -> {
            throw failure;
        });
        assertThatThrownBy(scope::close).isSameAs(failure);
        look();
        assertThat(seen).containsExactly((String) null);
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullIsIgnoredAsOpenTelemetryDoes() {
        try (Scope scope = storage.attach(null)) {
            assertThat(storage.current()).isNull();
            assertThat(scope).isSameAs(Scope.noop());
        }
    }

    @Test
    void thePropertySwitchesItOn() throws Exception {
        assertThat(child().with(PROPERTY + ScopedContextStorageProvider.class.getName()).run(Program.class))
                .contains("storage: ScopedContextStorage, handed over: one");
        assertThat(child().with(PROPERTY + ScopedContextStorageProvider.class.getName(),
                "-Dscopedcontext.backend=thread-local").run(Program.class))
                .contains("storage: ScopedContextStorage, handed over: one");
    }

    @Test
    void withoutThePropertyOpenTelemetryKeepsItsOwn() throws Exception {
        assertThat(child().run(Program.class)).contains("storage: ThreadLocalContextStorage, handed over: null");
        assertThat(child().with(PROPERTY + "default").run(Program.class))
                .contains("storage: ThreadLocalContextStorage, handed over: null");
    }

    @Test
    void aStatementSwitchesItOn() throws Exception {
        assertThat(child().run(Program.class, "wrapper"))
                .contains("storage: ScopedContextStorage, handed over: one");
    }

    /** As in production: that jar has a provider of its own, which is always taken. */
    private static ChildJvm child() {
        return new ChildJvm().without("opentelemetry-sdk-testing");
    }

    private void look() {
        Context current = storage.current();
        seen.add(current == null ? null : current.get(NAME));
    }

    static final class Program {

        private Program() {
        }

        public static void main(String[] args) {
            if (args.length > 0) {
                // @start region="wrapper"
                ContextStorage.addWrapper(own -> ScopedContextStorageProvider.storage());
                // @end
            }
            try (Scope scope = Context.root().with(NAME, "one").makeCurrent()) {
                ContextSnapshot captured = ScopedContext.capture();
                try (Scope root = Context.root().makeCurrent()) {
                    System.out.printf("storage: %s, handed over: %s%n",
                            ContextStorage.get().getClass().getSimpleName(),
                            captured.<String, RuntimeException>call(() -> Context.current().get(NAME)));
                }
            }
        }
    }
}
