package dev.scopedcontext.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.OnThread;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method of {@code CompletableFuture} on the running JDK that takes a function: one that a newer JDK adds
 * fails here, until it is given context.
 */
@ExtendWith(CleanThread.class)
class FutureStagesTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final Bindings ALICE = ScopedContext.where(USER, "alice");

    private final AtomicInteger captures = new AtomicInteger();
    private final AtomicInteger opens = new AtomicInteger();
    private final ContextKey<String> counted = ContextKey.<String>builder("counted").handOff(new HandOff<>() {
        @Override
        public String capture(String value) {
            captures.incrementAndGet();
            return value;
        }

        @Override
        public String open(String captured) {
            opens.incrementAndGet();
            return captured;
        }
    }).build();

    private final IllegalStateException refusal = new IllegalStateException("refusal");
    private final ContextKey<String> refusing = ContextKey.<String>builder("refusing")
            .handOff(HandOff.perTask(captured -> {
                throw refusal;
            }, closed -> {
            })).build();

    private final CompletableFuture<Object> source = new CompletableFuture<>();
    private final CompletableFuture<Object> seen = new CompletableFuture<>();

    static List<Method> methods() {
        return Arrays.stream(CompletableFuture.class.getMethods())
                .filter(m -> !Modifier.isStatic(m.getModifiers()) && !m.isBridge())
                .filter(m -> Arrays.stream(m.getParameterTypes()).anyMatch(FutureStagesTest::isFunction))
                .sorted(Comparator.comparing(Method::toString)).toList();
    }

    @Test
    void methodsOfJdk17AreAllHere() {
        assertThat(methods()).hasSizeGreaterThanOrEqualTo(14 * 3 + 2);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void functionRunsInTheContextOfWhereItsStageWasAdded(Method method) throws Exception {
        CompletableFuture<Object> future = ContextExecutors.propagatingStage(source);
        CompletableFuture<?> stage = ALICE.call(() -> (CompletableFuture<?>) method.invoke(future, arguments(method)));
        OnThread.call(Thread::new, () -> ScopedContext.where(USER, "bob").call(() -> complete(method)));
        assertThat(seen.get(1, TimeUnit.MINUTES)).isEqualTo("alice");
        assertThat(stage).isInstanceOf(ContextFuture.class);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void functionThatRunsAtOnceRunsInTheContextToo(Method method) throws Exception {
        CompletableFuture<Object> future = ContextExecutors.propagatingStage(source);
        Object completed = complete(method);
        assertThat(completed).isEqualTo(!method.getName().equals("completeAsync"));
        ALICE.call(() -> method.invoke(future, arguments(method)));
        assertThat(seen.get(1, TimeUnit.MINUTES)).isEqualTo("alice");
    }

    /** The JDK has a future that is done make the stage of {@code applyToEither}, even if that is the other one. */
    @ParameterizedTest
    @MethodSource("methodsOfEither")
    void stagesOfAStageThatAForeignFutureMakesHaveContext(Method method) throws Exception {
        CompletableFuture<Object> future = ContextExecutors.propagatingStage(source);
        @Nullable
        Object[] arguments = arguments(method);
        arguments[0] = CompletableFuture.completedFuture("other");
        CompletableFuture<?> stage = ALICE.call(() -> (CompletableFuture<?>) method.invoke(future, arguments));
        assertThat(ALICE.call(() -> stage.thenApply(x -> USER.get())).get(1, TimeUnit.MINUTES)).isEqualTo("alice");
        CompletableFuture<?> late = ScopedContext.where(USER, "bob")
                .call(() -> stage.thenApplyAsync(x -> USER.get(),
                        ContextExecutors.propagating((Executor) Runnable::run)));
        assertThat(late.get(1, TimeUnit.MINUTES)).isEqualTo("bob");
        assertThat(seen.join()).isEqualTo("alice");
        assertThat(stage).isInstanceOf(ContextFuture.class);
    }

    static List<Method> methodsOfEither() {
        return methods().stream().filter(method -> method.getName().contains("Either")).toList();
    }

    @ParameterizedTest
    @MethodSource("methods") // H4
    void contextIsHandedOverOnce(Method method) throws Exception {
        CompletableFuture<Object> future = ContextExecutors.propagatingStage(source);
        ALICE.where(counted, "x").call(() -> method.invoke(future, arguments(method)));
        complete(method);
        seen.get(1, TimeUnit.MINUTES);
        assertThat(captures).hasValue(1);
        assertThat(opens).hasValue(1);
    }

    /** A stage that also runs after a failure releases what was taken, or is the fallback: it runs all the same. */
    @ParameterizedTest
    @MethodSource("methods")
    void onlyFallbackStagesRunInAContextThatRefuses(Method method) throws Exception {
        CompletableFuture<Object> future = ContextExecutors.propagatingStage(source);
        CompletableFuture<?> stage = ALICE.where(refusing, "x")
                .call(() -> (CompletableFuture<?>) method.invoke(future, arguments(method)));
        complete(method);
        if (method.getName().matches("(whenComplete|handle|exceptionally).*")) {
            assertThat(seen.get(1, TimeUnit.MINUTES)).isEqualTo("alice");
            assertThat(failureOf(stage)).isNull();
        } else {
            assertThat(failureOf(stage)).isSameAs(refusal);
            assertThat(seen).isNotDone();
        }
    }

    private static @Nullable Throwable failureOf(CompletableFuture<?> stage) {
        Throwable failure = stage.<@Nullable Throwable>handle((result, thrown) -> thrown)
                .orTimeout(1, TimeUnit.MINUTES).join();
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    private Object complete(Method method) {
        if (method.getName().startsWith("exceptionally")) {
            return source.completeExceptionally(new IllegalStateException("source"));
        }
        return !method.getName().equals("completeAsync") && source.complete("source");
    }

    private @Nullable Object[] arguments(Method method) {
        return Arrays.stream(method.getParameterTypes()).map(type -> argument(type, method)).toArray();
    }

    private @Nullable Object argument(Class<?> type, Method method) {
        if (type == CompletionStage.class) {
            return method.getName().contains("Either") ? new CompletableFuture<>() : source;
        }
        if (type == Executor.class) {
            return ContextExecutors.propagating((Executor) task -> new Thread(task).start());
        }
        assertThat(isFunction(type)).as("a parameter of %s that this test knows nothing of", method).isTrue();
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, called, arguments) -> {
            if (called.getDeclaringClass() == Object.class) {
                return called.getName().equals("toString") ? "probe" : (Object) System.identityHashCode(proxy);
            }
            seen.complete(USER.orElse("nobody"));
            return method.getName().contains("Compose") ? CompletableFuture.completedFuture("done") : null;
        });
    }

    private static boolean isFunction(Class<?> type) {
        return type == Runnable.class || type.getPackageName().equals("java.util.function");
    }
}
