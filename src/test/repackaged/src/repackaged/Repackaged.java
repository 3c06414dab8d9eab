package repackaged;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.TaskScope;
import java.util.List;

/** Fails unless its copy of the library uses the expected backend, and works. */
public final class Repackaged {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private Repackaged() {
    }

    /** Expects the name of a backend. */
    public static void main(String[] args) throws Exception {
        check(ScopedContext.backend().kind().name(), args[0]);
        check(ScopedContext.where(USER, "alice").call(USER::get), "alice");
        try (Attachment attached = ScopedContext.where(USER, "bob").attach()) {
            check(USER.get(), "bob");
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                scope.fork(USER::get);
                check(scope.join(), List.of("bob"));
            }
        }
        check(USER.orElse("nobody"), "nobody");
    }

    private static void check(Object is, Object expected) {
        if (!is.equals(expected)) {
            throw new AssertionError(ContextKey.class.getPackageName() + ": " + is + " in place of " + expected);
        }
    }
}
