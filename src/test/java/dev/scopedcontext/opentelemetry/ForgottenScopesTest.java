package dev.scopedcontext.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.ChildJvm;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The carrier closes each scope that it opens, whatever a task leaves open. A process has one storage. */
class ForgottenScopesTest {

    @ParameterizedTest
    @ValueSource(strings = {"-Dstorage=default", "-Dstorage=ours",
            "-Dio.opentelemetry.context.enableStrictContext=true"})
    void onlyTheScopesThatTasksForgotStayOpen(String storage) throws Exception {
        String printed = new ChildJvm()
                .with(storage, "-Dscopedcontext.backend=" + System.getProperty("scopedcontext.backend", "auto"))
                .run(Program.class);
        List<String> expected = new ArrayList<>();
        for (String before : List.of("root", "there")) {
            for (String captured : List.of("here", "root", "there")) {
                for (String left : List.of("left", "root", "there")) {
                    expected.add(before + " -> " + captured + " -> " + left + ": 10 open, current " + before);
                }
            }
        }
        assertThat(printed.lines().filter(line -> line.contains("->"))).containsExactlyElementsOf(expected);
    }

    static final class Program {

        private static final ContextKey<String> NAME = ContextKey.named("name");
        private static final AtomicInteger OPEN = new AtomicInteger();

        private Program() {
        }

        public static void main(String[] args) {
            ContextStorage.addWrapper(storage -> new Counting(
                    "ours".equals(System.getProperty("storage")) ? ScopedContextStorageProvider.storage() : storage));
            Map<String, Context> contexts = new TreeMap<>(Map.of("root", Context.root()));
            for (String name : List.of("here", "there", "left")) {
                contexts.put(name, Context.root().with(NAME, name));
            }
            for (String before : List.of("root", "there")) {
                for (String captured : List.of("here", "root", "there")) {
                    for (String left : List.of("left", "root", "there")) {
                        run(contexts.get(before), contexts.get(captured), contexts.get(left));
                    }
                }
            }
        }

        @SuppressWarnings("MustBeClosedChecker")
        private static void run(Context before, Context captured, Context left) {
            ContextSnapshot snapshot;
            try (Scope scope = captured.makeCurrent()) {
                snapshot = ScopedContext.carrying(OpenTelemetryCarrier.current()).call(ScopedContext::capture);
            }
            try (Scope scope = before.makeCurrent()) {
                int open = OPEN.get();
                for (int i = 0; i < 10; i++) {
                    snapshot.run(left::makeCurrent);
                }
                System.out.println(name(before) + " -> " + name(captured) + " -> " + name(left) + ": "
                        + (OPEN.get() - open) + " open, current " + name(Context.current()));
            }
        }

        private static String name(Context context) {
            return context == Context.root() ? "root" : String.valueOf(context.get(NAME));
        }
    }

    /** Counts the scopes that are open, as agents do. */
    private record Counting(ContextStorage storage) implements ContextStorage {

        @Override
        public Scope attach(Context context) {
            Scope scope = storage.attach(context);
            Program.OPEN.incrementAndGet();
            return () -> {
                Program.OPEN.decrementAndGet();
                scope.close();
            };
        }

        @Override
        public @Nullable Context current() {
            return storage.current();
        }
    }
}
