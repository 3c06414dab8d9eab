package alone;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.baggage.ContextBaggage;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.TaskScope;
import java.util.List;

/** Uses the library where there is no other. In a package of its own, for runs with the library as a module. */
public final class Program {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    /** What the bridges lead to. */
    private static final List<String> OPTIONAL = List.of("org.slf4j.MDC", "io.micrometer.context.ContextSnapshot",
            "io.opentelemetry.context.Context", "reactor.core.publisher.Flux", "jakarta.servlet.Filter",
            "net.bytebuddy.ByteBuddy", "org.objenesis.Objenesis", "org.jspecify.annotations.Nullable");

    private static final NamedContext REQUEST = NamedContext.named("request");
    private static final ContextKey<CharSequence> TEXT = REQUEST.key("text", CharSequence.class);
    private static final LocalManager LOCALS = LocalManager.of(Local.named("locals"));
    private static final ContextBaggage BAGGAGE = ContextBaggage.builder().member("key", KEY).build();

    private Program() {
    }

    /** Prints what it found. */
    public static void main(String[] args) throws Exception {
        System.out.println("named module: " + ScopedContext.class.getModule().isNamed());
        System.out.println("backend: " + ScopedContext.backend().kind());
        System.out.println("optional: " + OPTIONAL.stream().filter(Program::isThere).toList());
        ScopedContext.where(KEY, "value").<Void, Exception>call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                scope.fork(KEY::get);
                System.out.println("forked: " + scope.join());
            }
            System.out.println("future: " + ContextExecutors.supplyAsync(KEY::get, Runnable::run).get());
            return null;
        });
        try (Attachment attached = ScopedContext.where(KEY, "attached").attach()) {
            System.out.println("attached: " + ScopedContext.capture().get(KEY));
            BAGGAGE.inject((name, value) -> System.out.println("sent: " + name + ": " + value));
        }
        CharSequence proxy = REQUEST.proxy("text", CharSequence.class);
        REQUEST.session().where(TEXT, "four").enclosing(() -> LOCALS)
                .run(() -> System.out.println("proxied: " + proxy.length()));
    }

    private static boolean isThere(String name) {
        try {
            Class.forName(name);
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }
}
