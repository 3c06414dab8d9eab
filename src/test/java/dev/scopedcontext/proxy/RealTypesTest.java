package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.SyntheticState;
import net.bytebuddy.description.modifier.Visibility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** P14, P18, P19, P24: proxies of types that everybody uses. */
@OnEachForm
@Tag("per-jdk")
@Tag("modules")
class RealTypesTest {

    @Retention(RetentionPolicy.RUNTIME)
    @interface Marked {

        String value() default "unmarked";
    }

    interface Box<T> {

        T get();

        void set(T value);
    }

    interface Sized {

        void set(String value);

        Number size();
    }

    /** Gives a type to what it inherits, and has a method with two faces. */
    interface TextBox extends Box<String>, Sized {

        @Override
        Integer size();
    }

    @Marked("text")
    static final class Text implements TextBox {

        private String text = "";

        @Override
        public String get() {
            return text;
        }

        @Override
        public void set(String value) {
            text = value;
        }

        @Override
        public Integer size() {
            return text.length();
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void listIsReadWrittenAndIterated() {
        ContextKey<List<String>> key = ContextKey.named("list");
        List<String> proxy = ContextProxies.of(List.class, key);
        List<String> list = new ArrayList<>(List.of("c", "a", "b"));
        ScopedContext.where(key, list).run(() -> {
            assertThat(proxy.set(0, "d")).isEqualTo("c");
            proxy.add("e");
            proxy.sort(String::compareTo);
            assertThat(list).containsExactly("a", "b", "d", "e");
            assertThat(proxy.stream().map(String::toUpperCase)).containsExactly("A", "B", "D", "E");
            assertThat(String.join("", proxy)).isEqualTo("abde");
            assertThat(proxy.removeIf("a"::equals)).isTrue();
            assertThat(proxy.toArray(new String[0])).containsExactly("b", "d", "e");
            assertThat(new ArrayList<>(proxy)).isEqualTo(list);
            assertThat(proxy.equals(List.of("b", "d", "e"))).isTrue();
            assertThat(List.of("b", "d", "e").equals(proxy)).isTrue();
            assertThat(proxy).hasToString("[b, d, e]");
        });
        assertThatThrownBy(proxy::size).isInstanceOf(UnboundContextException.class);
        assertThatThrownBy(proxy::iterator).isInstanceOf(UnboundContextException.class);
    }

    @Test
    @SuppressWarnings("unchecked")
    void mapIsReadAndWritten() {
        ContextKey<Map<String, Integer>> key = ContextKey.named("map");
        Map<String, Integer> proxy = ContextProxies.of(Map.class, key);
        Map<String, Integer> map = new HashMap<>();
        ScopedContext.where(key, map).run(() -> {
            proxy.put("a", 1);
            assertThat(proxy.merge("a", 2, Integer::sum)).isEqualTo(3);
            assertThat(proxy.computeIfAbsent("b", String::length)).isEqualTo(1);
            assertThat(proxy.getOrDefault("c", 9)).isEqualTo(9);
            assertThat(proxy.entrySet()).hasSize(2);
            assertThat(map).isEqualTo(Map.of("a", 3, "b", 1));
            proxy.clear();
            assertThat(map).isEmpty();
        });
    }

    @Test
    @SuppressWarnings("unchecked")
    void iteratorAndIterableAreForwarded() {
        Iterator<String> letters = List.of("a", "b").iterator();
        Iterator<String> proxy = ContextProxies.of(Iterator.class, () -> letters);
        assertThat(proxy.hasNext()).isTrue();
        assertThat(proxy.next()).isEqualTo("a");
        List<String> rest = new ArrayList<>();
        proxy.forEachRemaining(rest::add);
        assertThat(rest).containsExactly("b");
        assertThatThrownBy(proxy::remove).isInstanceOf(UnsupportedOperationException.class);
        Iterable<String> iterable = ContextProxies.of(Iterable.class, () -> List.of("x"));
        for (String each : iterable) {
            assertThat(each).isEqualTo("x");
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void futuresAndStagesAreForwarded() throws Exception {
        CompletableFuture<String> page = new CompletableFuture<>();
        Future<String> future = ContextProxies.of(Future.class, () -> page);
        CompletionStage<String> stage = ContextProxies.of(CompletionStage.class, () -> page);
        CompletionStage<Integer> length = stage.thenApply(String::length);
        assertThat(future.isDone()).isFalse();
        page.complete("page");
        assertThat(future.get()).isEqualTo("page");
        assertThat(length.toCompletableFuture().join()).isEqualTo(4);
        assertThat(stage.toCompletableFuture()).isSameAs(page);
        Future<String> failed = ContextProxies.of(Future.class,
                () -> CompletableFuture.failedFuture(new Exception("x")));
        assertThatThrownBy(failed::get).isExactlyInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("x");
    }

    @Test
    @SuppressWarnings("unchecked")
    void publisherIsForwarded() {
        try (SubmissionPublisher<String> publisher = new SubmissionPublisher<>()) {
            Flow.Publisher<String> proxy = ContextProxies.of(Flow.Publisher.class, () -> publisher);
            Flow.Subscriber<String> subscriber = new Flow.Subscriber<>() {

                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                }

                @Override
                public void onNext(String item) {
                }

                @Override
                public void onError(Throwable failure) {
                }

                @Override
                public void onComplete() {
                }
            };
            proxy.subscribe(subscriber);
            assertThat(publisher.isSubscribed(subscriber)).isTrue();
        }
    }

    @Test
    void textIsForwarded() {
        CharSequence proxy = ContextProxies.of(CharSequence.class, () -> "alice");
        assertThat(proxy.length()).isEqualTo(5);
        assertThat(proxy.charAt(0)).isEqualTo('a');
        assertThat(proxy.subSequence(1, 3)).isEqualTo("li");
        assertThat(proxy.chars().count()).isEqualTo(5);
        assertThat(new StringBuilder().append(proxy)).hasToString("alice");
        assertThat(CharSequence.compare(proxy, "alice")).isZero();
    }

    /** Only {@code equals} unwraps its argument: any other method gets the very one. */
    @Test
    @SuppressWarnings("unchecked")
    void comparableIsForwardedWithTheVeryArgument() {
        Comparable<Object> proxy = ContextProxies.of(Comparable.class, () -> 2);
        assertThat(proxy.compareTo(1)).isPositive();
        Comparable<Object> other = ContextProxies.of(Comparable.class, () -> 2);
        assertThatThrownBy(() -> proxy.compareTo(other)).isInstanceOf(ClassCastException.class);
        assertThat(proxy.compareTo(ContextProxies.unwrap(other))).isZero();
        List<Object> arguments = new ArrayList<>();
        Function<Object, Boolean> target = arguments::add;
        Function<Object, Boolean> adder = ContextProxies.of(Function.class, () -> target);
        assertThat(adder.apply(proxy)).isTrue();
        assertThat(arguments.get(0)).isSameAs(proxy);
    }

    @Test
    @SuppressWarnings("unchecked")
    void functionIsForwarded() {
        UnaryOperator<String> proxy = ContextProxies.of(UnaryOperator.class, () -> text -> text + "!");
        assertThat(proxy.apply("a")).isEqualTo("a!");
        // A default method of the target, which calls the target.
        assertThat(proxy.andThen(String::length).apply("abc")).isEqualTo(4);
    }

    @Test
    void closingIsForwarded() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        try (AutoCloseable proxy = ContextProxies.of(AutoCloseable.class, () -> () -> closed.set(true))) {
            assertThat(closed).isFalse();
            assertThat(ContextProxies.isProxy(proxy)).isTrue();
        }
        assertThat(closed).isTrue();
    }

    @Test
    void inheritedGenericMethodsAreForwarded() {
        Text text = new Text();
        TextBox proxy = ContextProxies.of(TextBox.class, () -> text);
        Box<String> asBox = proxy;
        asBox.set("abcd");
        assertThat(asBox.get()).isEqualTo("abcd");
        Sized asSized = proxy;
        asSized.set("abcde");
        assertThat(asSized.size()).isEqualTo(5);
        assertThat(proxy.get()).isEqualTo("abcde");
        assertThat(proxy.size()).isEqualTo(5);
        @SuppressWarnings({"unchecked", "rawtypes"})
        Box<Object> raw = (Box) proxy;
        assertThatThrownBy(() -> raw.set(1)).isInstanceOf(ClassCastException.class);
    }

    @Test
    void annotationIsForwarded() {
        Marked marked = ContextProxies.of(Marked.class, () -> Text.class.getAnnotation(Marked.class));
        assertThat(marked.value()).isEqualTo("text");
        assertThat(marked.annotationType()).isEqualTo(Marked.class);
    }

    /** Kotlin code calls them, although Java code cannot. */
    @Test
    void syntheticMethodsAreForwarded() throws Exception {
        Class<?> type = new ByteBuddy().makeInterface().name("synthetic.Hinting")
                .defineMethod("hint", String.class, Visibility.PUBLIC, SyntheticState.SYNTHETIC).withoutCode()
                .make().load(getClass().getClassLoader()).getLoaded();
        assertThat(type.getMethod("hint").invoke(hinting(type))).isEqualTo("hint of the target");
    }

    private static <T> T hinting(Class<T> type) {
        Object target = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (self, method, arguments) -> method.getName() + " of the target");
        return ContextProxies.of(type, () -> type.cast(target));
    }
}
