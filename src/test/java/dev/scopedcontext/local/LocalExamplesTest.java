package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.proxy.ContextProxies;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the Javadoc. */
@ExtendWith(CleanThread.class)
class LocalExamplesTest {

    // @start region="var"
    static final Local local = Local.named("web");
    static final LocalVar<String> user = local.var("user", String.class);
    static final List<String> messages = messages();
    // @end

    @SuppressWarnings("unchecked")
    private static List<String> messages() {
        return local.proxy("messages", List.class);
    }

    static final LocalManager manager = LocalManager.of(local);

    // @start region="generic"
    static final LocalVar<Set<String>> roles = local.var("roles");
    // @end

    // @start region="handOff"
    static final LocalVar<List<String>> trail = local.var("trail", List.class, HandOff.copy(ArrayList::new));
    // @end

    @Test
    void genericVariable() {
        manager.run(() -> {
            roles.set(Set.of("admin"));
            Set<String> found = roles.get();
            assertThat(found).containsExactly("admin");
        });
    }

    @Test
    void variableWithAHandOff() {
        manager.run(() -> {
            trail.set(new ArrayList<>(List.of("request")));
            ScopedContext.capture().run(() -> {
                trail.get().add("task");
                assertThat(trail.get()).containsExactly("request", "task");
            });
            assertThat(trail.get()).containsExactly("request");
        });
    }

    @Test
    void local() {
        manager.run(() -> {
            // @start region="local"
            local.set("user", "alice");
            Object user = local.get("user"); // or an UnboundContextException that names local and value
            Object orNobody = local.orElse("user", "nobody");
            boolean removed = local.remove("user");
            // @end
            assertThat(List.of(user, orNobody)).containsOnly("alice");
            assertThat(removed).isTrue();
        });
    }

    @Test
    void proxy() {
        manager.run(() -> {
            local.set("messages", new ArrayList<String>());
            messages.add("saved");
            assertThat(ContextProxies.unwrap(messages)).containsExactly("saved");
        });
    }

    // @start region="stack"
    static final LocalStack<String> templates = LocalStack.named("templates");

    static String render(String template) {
        templates.push(template);
        try {
            return "<!-- " + templates.top() + " -->";
        } finally {
            templates.pop();
        }
    }
    // @end

    @Test
    void stack() {
        assertThat(LocalManager.of(templates).<String, RuntimeException>call(() -> render("page")))
                .isEqualTo("<!-- page -->");
    }

    String serve(String name) {
        user.set(name);
        return "page of " + user.get();
    }

    @Test
    void manager() {
        // @start region="manager"
        Function<String, String> handler = manager.managedFunction(this::serve);
        String page = handler.apply("alice");
        // @end
        assertThat(page).isEqualTo("page of alice");
        assertThat(user.isBound()).isFalse();
    }

    @Test
    void scope() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        // @start region="scope"
        try (OpenScope scope = manager.open()) {
            scope.run(() -> user.set("alice"));
            executor.submit(() -> scope.run(() -> serve(user.get() + " later"))).get();
        }
        // @end
        executor.shutdown();
        assertThat(user.isBound()).isFalse();
    }
}
