package alone;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextExecutors;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.TaskScope;
import java.util.List;

/** Uses the library where there is no other. In a package of its own, for runs with the library as a module. */
public final class Program {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    /** What the bridges lead to. */
    private static final List<String> OPTIONAL = List.of("org.slf4j.MDC", "io.micrometer.context.ContextSnapshot",
            "io.opentelemetry.context.Context", "reactor.core.publisher.Flux", "org.jspecify.annotations.Nullable");

    private Program() {
    }

    /** Prints what it found. */
    public static void main(String[] args) throws Exception {
        System.out.println("named module: " + ScopedContext.class.getModule().isNamed());
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
        }
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
