package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OnThread;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import java.io.IOException;
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

/** Results that stream keep their scope until they are closed. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class LocalBodyTest {

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

    private Stream<String> called() throws Exception {
        Callable<Stream<String>> wrapped = manager.wrap(this::application);
        return ScopedContext.where(KEY, "bound").call(wrapped::call);
    }

    @Test // M5, M6, M8, X8
    void streamSeesTheLocalsAndItsContextUntilItIsClosed() throws Exception {
        try (Stream<String> body = called()) {
            assertThat(local.names()).isEmpty();
            assertThat(KEY.isBound()).isFalse();
            assertThat(body.peek(element -> log.add(local.names()))).containsExactly("alice 0 bound", "alice 1 bound",
                    "alice 2 bound");
        }
        assertThat(log).containsExactly(Set.of(), Set.of(), Set.of(), "closed with 3");
        assertThat(local.names()).isEmpty();
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
        try (Stream<Object> body = manager.<Stream<Object>>wrap(() -> {
            local.set("user", "alice");
            return IntStream.range(0, 1_000).boxed().parallel().map(i -> local.orElse("user", "unset")).sorted();
        }).call()) {
            assertThat(body.distinct().toList()).containsExactly("alice");
        }
    }

    @Test
    void streamKeepsItsCharacteristics() throws Exception {
        Comparator<String> order = Comparator.reverseOrder();
        TreeSet<String> sorted = new TreeSet<>(order);
        sorted.addAll(List.of("a", "b", "c"));
        try (Stream<String> body = manager.wrap(() -> sorted.stream()).call()) {
            Spliterator<String> elements = body.spliterator();
            assertThat(elements.hasCharacteristics(Spliterator.SORTED | Spliterator.SIZED | Spliterator.DISTINCT))
                    .isTrue();
            assertThat(elements.getComparator()).isSameAs(order);
            assertThat(elements.estimateSize()).isEqualTo(3);
        }
        try (Stream<String> body = manager.wrap(() -> Stream.of("x", null)).call()) {
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
        Stream<String> body = manager.wrap(() -> {
            scopes.add(Entered.scopeOfThread());
            return Stream.of("a").onClose(() -> {
                throw failure;
            });
        }).call();
        assertThatThrownBy(body::close).isSameAs(failure).hasNoSuppressedExceptions();
        assertThatThrownBy(() -> scopes.get(0).run(() -> {
        })).isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
    }

    @Test
    void failureOfAStepPassesAndTheScopeStaysUntilItIsClosed() throws Exception {
        IllegalStateException failure = new IllegalStateException("step");
        Stream<Object> body = manager.<Stream<Object>>wrap(() -> {
            local.set("user", "alice");
            return Stream.generate(() -> {
                throw failure;
            }).onClose(() -> log.add(local.get("user")));
        }).call();
        assertThatThrownBy(body::findFirst).isSameAs(failure);
        assertThat(local.names()).isEmpty();
        body.close();
        assertThat(log).containsExactly("alice");
    }

    @Test // M7
    void failureOfAnExitHookClosesTheStreamThatIsLostByIt() {
        IllegalStateException failure = new IllegalStateException("hook");
        Supplier<Stream<String>> wrapped = manager.wrapSupplier(() -> {
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
        Callable<Stream<Object>> wrapped = manager.wrap(inner.wrap(() -> {
            local.set("n", 0);
            other.set("n", 0);
            return Stream.<Object>generate(() -> {
                local.set("n", (Integer) local.get("n") + 1);
                other.set("n", (Integer) other.get("n") + 10);
                return local.get("n") + " " + other.get("n");
            }).limit(3).onClose(() -> log.add(local.get("n") + " " + other.get("n")));
        }));
        try (Stream<Object> body = wrapped.call()) {
            assertThat(body).containsExactly("1 10", "2 20", "3 30");
        }
        assertThat(log).containsExactly("3 30");
    }

    @Test // L10
    void streamOfATaskOnTheSameThreadDoesNotReachTheScopeThatTheTaskWasHandedOverIn() {
        Supplier<Stream<Object>> wrapped = LocalManager.of(other).wrapSupplier(() -> Stream.generate(() -> {
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
        try (Stream<String> body = manager.wrap(inner.wrap(() -> {
            ids.add(manager.contextId() + inner.contextId());
            return Stream.generate(() -> manager.contextId() + inner.contextId()).limit(2);
        })).call()) {
            body.forEach(ids::add);
        }
        assertThat(ids).hasSize(3).containsOnly(ids.get(0));
    }

    @Test
    void streamOfPrimitivesIsRefusedSinceItWouldLoseItsLocals() {
        Supplier<IntStream> wrapped = manager.wrapSupplier(() -> IntStream.of(1));
        assertThatThrownBy(wrapped::get).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("A wrapped function returned ")
                .hasMessageEndingWith(", a stream of primitives, for which a managed scope cannot stay open: return a"
                        + " Stream, such as boxed() makes");
    }

    @Test
    void streamOfATypeOfItsOwnIsRefusedSinceItsCallerMayNeedThat() {
        Supplier<OwnStream> wrapped = manager.wrapSupplier(() -> {
            local.set("user", "alice");
            return OwnStream.of(Stream.of("a").onClose(() -> log.add("closed by " + local.get("user"))));
        });
        assertThatThrownBy(wrapped::get).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("A wrapped function returned ")
                .hasMessageEndingWith(", a stream whose type is not just Stream, as its caller may expect, and which a"
                        + " managed scope cannot stay open for: return a plain one, such as StreamSupport.stream("
                        + "it.spliterator(), false).onClose(it::close)");
        assertThat(log).containsExactly("closed by alice");
    }

    @Test // M8
    void streamThatCannotBeKeptIsClosedInTheScope() {
        IllegalStateException failure = new IllegalStateException("close");
        Supplier<IntStream> primitives = manager.wrapSupplier(() -> {
            local.set("user", "alice");
            return IntStream.of(1).onClose(() -> {
                log.add("closed by " + local.get("user"));
                throw failure;
            });
        });
        assertThatThrownBy(primitives::get).hasMessageContaining("a stream of primitives")
                .hasSuppressedException(failure);
        Supplier<Stream<String>> used = manager.wrapSupplier(() -> {
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

    @Test // M5, M6, M8
    void bodySeesTheLocalsUntilItIsClosed() throws Exception {
        Callable<Page> wrapped = manager.wrapBody(Page.class, FilePage::new);
        Page page = ScopedContext.where(KEY, "bound").call(wrapped::call);
        assertThat(local.names()).isEmpty();
        assertThat(page.line()).isEqualTo("line 1 bound");
        OnThread.run(() -> assertThat(page.line()).startsWith("line "));
        assertThat(page.title()).startsWith("page with ");
        assertThat(page.isClosed()).isFalse();
        page.close();
        page.close();
        assertThat(log).hasSize(1);
        assertThat(page.isClosed()).isTrue();
        assertThatThrownBy(page::line).isInstanceOf(UnboundContextException.class)
                .hasMessageStartingWith("'lines' is not set");
        assertThat(page).hasToString("Page in LocalScope of LocalManager[1 local: web]").isEqualTo(page)
                .isNotEqualTo("x").hasSameHashCodeAs(page);
    }

    @Test // M5, M6
    void bodySeesTheLocalsInEachStepThroughIt() throws Exception {
        List<String> found = new ArrayList<>();
        Rows kept;
        try (Rows rows = manager.wrapBody(Rows.class, FourRows::new).call()) {
            for (String row : rows.fetchSize(2)) {
                found.add(row + local.names());
            }
            rows.spliterator().forEachRemaining(row -> found.add(row + local.names()));
            try (Stream<String> stream = rows.stream()) {
                stream.forEach(row -> found.add(row + local.names()));
            }
            assertThat(rows.fetchSize(2)).isSameAs(rows);
            assertThat(rows.unwrap(FourRows.class)).isInstanceOf(FourRows.class);
            kept = rows;
        }
        assertThat(kept.fetchSize(2)).isSameAs(kept);
        local.set("user", "bob");
        assertThat(kept.stream().toList()).containsOnly("row of bob");
        local.clear();
        assertThat(found).hasSize(12).containsOnly("row of alice[]");
        assertThat(log).containsExactly("stream closed by alice", "closed by alice");
    }

    @Test // M8, P25
    void failuresOfABodyArriveAsTheyAreAndTheScopeEnds() throws Exception {
        IOException failure = new IOException("close");
        Page page = manager.wrapBodyFunction(Page.class, (IOException closing) -> new FilePage() {
            @Override
            public String line() throws IOException {
                throw closing;
            }

            @Override
            public void close() throws IOException {
                throw closing;
            }
        }).apply(failure);
        assertThatThrownBy(page::line).isSameAs(failure);
        assertThatThrownBy(page::close).isSameAs(failure).hasNoSuppressedExceptions();
        assertThatThrownBy(page::line).isSameAs(failure);
    }

    @Test
    void bodyMayBeNull() throws Exception {
        assertThat(manager.wrapBody(Page.class, () -> null).call()).isNull();
    }

    @Test
    void bodyThatIsNotUsedByAPublicInterfaceIsRefused() {
        assertThatThrownBy(() -> manager.wrapBody(FilePage.class, FilePage::new))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FilePage is not a public interface")
                .hasMessageContaining("or LocalManager.open()");
        assertThatThrownBy(() -> manager.wrapBody(Stream.class, Stream::empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("java.util.stream.Stream is a stream, which LocalManager.wrap keeps a scope for as it is");
        assertThatThrownBy(() -> manager.wrapBody(IntStream.class, IntStream::empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("java.util.stream.IntStream is a stream for which a managed scope cannot stay");
    }

    @Test
    void bodyThatCannotBeImplementedOrCalledIsRefusedAtOnce() {
        assertThatThrownBy(() -> manager.wrapBody(SealedPage.class, OnlyPage::new))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SealedPage is not a public interface")
                .hasMessageContaining("use one that is not sealed");
        assertThatThrownBy(() -> manager.wrapBody(PageWithHiddenTitle.class, () -> null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PageWithHiddenTitle is not a public interface");
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

    /** A body that nobody else may implement. */
    public sealed interface SealedPage extends AutoCloseable permits OnlyPage {
    }

    /** The only one. */
    public static final class OnlyPage implements SealedPage {

        @Override
        public void close() {
        }
    }

    interface HiddenTitle {

        String title();
    }

    /** A body with a method that only this package may call. */
    public interface PageWithHiddenTitle extends HiddenTitle, AutoCloseable {
    }

    /** A body. */
    public interface Page extends AutoCloseable {

        /** Returns the next line. */
        String line() throws IOException;

        /** Returns the title. */
        default String title() throws IOException {
            return "page with " + line();
        }

        /** Tells whether it is closed. */
        boolean isClosed();

        @Override
        void close() throws IOException;
    }

    /** A body to go through. */
    public interface Rows extends AutoCloseable, Iterable<String> {

        /** Returns this. */
        Rows fetchSize(int rows);

        /** Returns the rows. */
        Stream<String> stream();

        /** Returns what implements this. */
        <T> T unwrap(Class<T> type);
    }

    private class FourRows implements Rows {

        FourRows() {
            local.set("user", "alice");
        }

        @Override
        public Rows fetchSize(int rows) {
            return this;
        }

        @Override
        public Stream<String> stream() {
            return Stream.generate(() -> "row of " + local.orElse("user", "nobody")).limit(4)
                    .onClose(() -> log.add("stream closed by " + local.get("user")));
        }

        @Override
        public Iterator<String> iterator() {
            return stream().iterator();
        }

        @Override
        public <T> T unwrap(Class<T> type) {
            return type.cast(this);
        }

        @Override
        public void close() {
            log.add("closed by " + local.get("user"));
        }
    }

    private class FilePage implements Page {

        private boolean closed;

        FilePage() {
            local.set("lines", 0);
        }

        @Override
        public String line() throws IOException {
            local.set("lines", (Integer) local.get("lines") + 1);
            return "line " + local.get("lines") + " " + KEY.orElse("unbound");
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public void close() throws IOException {
            closed = true;
            log.add(local.get("lines"));
        }
    }
}
