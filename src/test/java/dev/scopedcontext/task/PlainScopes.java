package dev.scopedcontext.task;

import static dev.scopedcontext.support.Reflected.invoke;
import static dev.scopedcontext.support.Reflected.method;
import static dev.scopedcontext.support.Reflected.type;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's {@code StructuredTaskScope}, called by reflection, since it is a preview. Its shape is that of the running
 * JDK, 25 or newer.
 */
final class PlainScopes implements Scopes {

    private static final Class<?> SCOPE = type("java.util.concurrent.StructuredTaskScope");
    private static final Class<?> JOINER = type("java.util.concurrent.StructuredTaskScope$Joiner");
    private static final Class<?> CONFIGURATION = type("java.util.concurrent.StructuredTaskScope$Configuration");
    private static final Class<?> SUBTASK = type("java.util.concurrent.StructuredTaskScope$Subtask");

    /**
     * Whether the joiner decides what follows a timeout, and an interrupted owner may join again, as from JDK 27 on.
     * Before, {@code join} itself throws after a timeout and can be called once.
     */
    static final boolean JOINERS_TIME_OUT = has(JOINER, "timeout");

    static final List<Policy> POLICIES = Arrays.stream(Policy.values()).filter(PlainScopes::isHere).toList();

    private static boolean has(Class<?> type, String name, Class<?>... parameters) {
        return Arrays.stream(type.getMethods()).anyMatch(
                method -> method.getName().equals(name) && Arrays.equals(method.getParameterTypes(), parameters));
    }

    private static boolean isHere(Policy policy) {
        return policy.isMapped()
                ? has(JOINER, "allSuccessfulOrThrow", Function.class)
                : policy != Policy.AWAIT_ALL || has(JOINER, "awaitAll");
    }

    private static String nameOfAny() {
        return has(JOINER, "anySuccessfulOrThrow") ? "anySuccessfulOrThrow" : "anySuccessfulResultOrThrow";
    }

    @Override
    public Object open(ScopeSettings settings) {
        Object joiner = joiner(settings.policy());
        if (settings.name() == null && settings.factory() == null && settings.timeout() == null) {
            return joiner == null
                    ? invoke(method(SCOPE, "open"), null)
                    : invoke(method(SCOPE, "open", JOINER), null, joiner);
        }
        Class<?> operator = has(SCOPE, "open", JOINER, Function.class) ? Function.class : UnaryOperator.class;
        UnaryOperator<Object> configured = configuration -> configured(configuration, settings);
        if (joiner == null && has(SCOPE, "open", operator)) {
            return invoke(method(SCOPE, "open", operator), null, configured);
        }
        Object given = joiner == null ? ofJdk("awaitAllSuccessfulOrThrow") : joiner;
        return invoke(method(SCOPE, "open", JOINER, operator), null, given, configured);
    }

    private static Object configured(Object configuration, ScopeSettings settings) {
        Object configured = configuration;
        if (settings.name() != null) {
            configured = invoke(method(CONFIGURATION, "withName", String.class), configured, settings.name());
        }
        if (settings.factory() != null) {
            configured = invoke(method(CONFIGURATION, "withThreadFactory", ThreadFactory.class), configured,
                    settings.factory());
        }
        if (settings.timeout() != null) {
            configured = invoke(method(CONFIGURATION, "withTimeout", java.time.Duration.class), configured,
                    settings.timeout());
        }
        return configured;
    }

    private @Nullable Object joiner(Policy policy) {
        AtomicInteger ended = new AtomicInteger();
        return switch (policy) {
            case DEFAULT -> null;
            case ALL_SUCCESSFUL -> ofJdk("allSuccessfulOrThrow");
            case ALL_SUCCESSFUL_MAPPED, ALL_SUCCESSFUL_MAPPED_TO_NULL -> ofJdkMapped("allSuccessfulOrThrow", policy);
            case ANY_SUCCESSFUL -> ofJdk(nameOfAny());
            case ANY_SUCCESSFUL_MAPPED, ANY_SUCCESSFUL_MAPPED_TO_NULL -> ofJdkMapped(nameOfAny(), policy);
            case AWAIT_ALL_SUCCESSFUL -> ofJdk("awaitAllSuccessfulOrThrow");
            case AWAIT_ALL_SUCCESSFUL_MAPPED, AWAIT_ALL_SUCCESSFUL_FAILING_TO_MAP ->
                ofJdkMapped("awaitAllSuccessfulOrThrow", policy);
            case AWAIT_ALL -> ofJdk("awaitAll");
            case ALL_UNTIL_FAILED -> allUntil(subtask -> state(subtask).equals("FAILED"));
            case ALL_UNTIL_SECOND -> allUntil(subtask -> ended.incrementAndGet() == 2);
            case OWN_COUNTING, OWN_REFUSING -> own(new OwnPolicy(policy));
        };
    }

    private static Object ofJdk(String name) {
        return invoke(method(JOINER, name), null);
    }

    private static Object ofJdkMapped(String name, Policy policy) {
        Function<Throwable, Throwable> mapper = policy::map;
        return invoke(method(JOINER, name, Function.class), null, mapper);
    }

    private static Object allUntil(Predicate<Object> isDone) {
        return invoke(method(JOINER, "allUntil", Predicate.class), null, isDone);
    }

    private Object own(OwnPolicy policy) {
        return Proxy.newProxyInstance(PlainScopes.class.getClassLoader(), new Class<?>[]{JOINER},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "onFork" -> policy.onFork(state(arguments[0]));
                    case "onComplete" -> policy.onComplete(state(arguments[0]));
                    case "result" -> policy.result();
                    case "timeout" -> throw new CancelledByTimeoutException();
                    default -> called.getName().equals("toString") ? "own" : null;
                });
    }

    @Override
    public Object fork(Object scope, @Nullable Callable<@Nullable Object> task) {
        return invoke(method(SCOPE, "fork", Callable.class), scope, task);
    }

    @Override
    public Object forkRunnable(Object scope, @Nullable Runnable task) {
        return invoke(method(SCOPE, "fork", Runnable.class), scope, task);
    }

    @Override
    public @Nullable Object join(Object scope) {
        Object result = invoke(method(SCOPE, "join"), scope);
        return result instanceof BaseStream<?, ?> stream ? ((java.util.stream.Stream<?>) stream).toList() : result;
    }

    @Override
    public boolean isCancelled(Object scope) {
        return (boolean) invoke(method(SCOPE, "isCancelled"), scope);
    }

    @Override
    public void close(Object scope) {
        invoke(method(SCOPE, "close"), scope);
    }

    @Override
    public String state(Object subtask) {
        return invoke(ofSubtask("state"), subtask).toString();
    }

    @Override
    public @Nullable Object get(Object subtask) {
        return invoke(ofSubtask("get"), subtask);
    }

    @Override
    public Throwable exception(Object subtask) {
        return (Throwable) invoke(ofSubtask("exception"), subtask);
    }

    private static Method ofSubtask(String name) {
        return method(SUBTASK, name);
    }

    /** Tells whether something is a subtask of the JDK's. */
    static boolean isSubtask(Object result) {
        return SUBTASK.isInstance(result);
    }
}
