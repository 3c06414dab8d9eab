package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalStack;
import dev.scopedcontext.local.LocalVar;
import dev.scopedcontext.proxy.ContextProxies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of docs/guide/locals.md. */
@ExtendWith(CleanThread.class)
class LocalsPageTest {

    // @start region="application"
    record Request(String user, String path) {
    }

    static final Local LOCAL = Local.named("web");
    static final LocalVar<Request> REQUEST = LOCAL.var("request", Request.class);
    static final LocalVar<Set<String>> ROLES = LOCAL.var("roles"); // a generic type needs no class
    static final LocalStack<String> TEMPLATES = LocalStack.named("templates");
    static final LocalManager MANAGER = LocalManager.of(LOCAL, TEMPLATES);

    static String serve(Request request) {
        REQUEST.set(request); // for all code that runs for this request, and removed at its end
        return render("page.html");
    }

    static String render(String template) {
        TEMPLATES.push(template);
        try {
            return TEMPLATES.top() + " for " + REQUEST.get().user();
        } finally {
            TEMPLATES.pop();
        }
    }
    // @end

    @Test
    void application() {
        // @start region="manage"
        Function<Request, String> handler = MANAGER.managedFunction(request -> serve(request));
        String page = handler.apply(new Request("alice", "/"));
        String same = MANAGER.call(() -> serve(new Request("alice", "/")));
        // @end
        assertThat(List.of(page, same)).containsOnly("page.html for alice");
        assertThat(REQUEST.isSet()).isFalse();
    }

    @Test
    void variables() {
        MANAGER.run(() -> {
            // @start region="var"
            REQUEST.set(new Request("alice", "/"));
            Request request = REQUEST.get(); // or an UnboundContextException that names local and variable
            Request orNull = REQUEST.orElse(null);
            Optional<Request> found = REQUEST.find();
            boolean set = REQUEST.isSet();
            boolean removed = REQUEST.remove(); // true if there was a value
            Set<String> roles = ROLES.computeIfAbsent(() -> Set.of("guest"));
            // @end
            assertThat(request).isSameAs(orNull);
            assertThat(found).contains(request);
            assertThat(set).isTrue();
            assertThat(removed).isTrue();
            assertThat(roles).containsExactly("guest");
            assertThatThrownBy(REQUEST::get).isInstanceOf(UnboundContextException.class)
                    .hasMessageContaining("request").hasMessageContaining("web");
        });
    }

    @Test
    void valuesByName() {
        MANAGER.run(() -> {
            // @start region="by-name"
            LOCAL.set("user", "alice");
            Object user = LOCAL.get("user");
            Object orNobody = LOCAL.orElse("user", "nobody");
            Map<String, Object> all = LOCAL.asMap();
            boolean removed = LOCAL.remove("user");
            // @end
            assertThat(List.of(user, orNobody)).containsOnly("alice");
            assertThat(all).containsExactly(Map.entry("user", "alice"));
            assertThat(removed).isTrue();
        });
    }

    @Test
    void stack() {
        MANAGER.run(() -> {
            // @start region="stack"
            int depth = TEMPLATES.push("page.html");
            String top = TEMPLATES.top(); // or an UnboundContextException
            Optional<String> peeked = TEMPLATES.peek();
            Optional<String> popped = TEMPLATES.pop();
            Optional<String> none = TEMPLATES.pop(); // empty
            // @end
            assertThat(depth).isOne();
            assertThat(top).isEqualTo("page.html");
            assertThat(peeked).contains("page.html");
            assertThat(popped).contains("page.html");
            assertThat(none).isEmpty();
            assertThatThrownBy(TEMPLATES::top).isInstanceOf(UnboundContextException.class);
            assertThatThrownBy(() -> TEMPLATES.push(null)).isInstanceOf(NullPointerException.class);
        });
    }

    // @start region="proxy"
    static final Runnable afterwards = LOCAL.proxy("afterwards", Runnable.class);
    static final CharSequence template = TEMPLATES.proxy(CharSequence.class, name -> name);
    // @end

    @Test
    void proxy() {
        MANAGER.run(() -> {
            List<String> runs = new ArrayList<>();
            Runnable run = () -> runs.add("run");
            LOCAL.set("afterwards", run);
            afterwards.run();
            assertThat(runs).containsExactly("run");
            assertThat(ContextProxies.unwrap(afterwards)).isSameAs(run);
            TEMPLATES.push("page");
            assertThat(template.length()).isEqualTo(4);
        });
    }

    // @start region="hand-off"
    static final LocalVar<List<String>> TRAIL = LOCAL.var("trail", List.class, HandOff.copy(ArrayList::new));
    // @end

    @Test
    void handOff() {
        MANAGER.run(() -> {
            TRAIL.set(new ArrayList<>(List.of("request")));
            REQUEST.set(new Request("alice", "/"));
            ScopedContext.capture().run(() -> {
                TRAIL.get().add("task");
                REQUEST.set(new Request("bob", "/"));
            });
            assertThat(TRAIL.get()).containsExactly("request");
            assertThat(REQUEST.get().user()).isEqualTo("alice");
        });
    }

    // @start region="stream"
    static Stream<String> rows(Request request) {
        REQUEST.set(request);
        return Stream.of("one", "two").map(row -> row + " for " + REQUEST.get().user());
    }

    static void send(Request request) {
        Function<Request, Stream<String>> handler = MANAGER.managedFunction(incoming -> rows(incoming));
        try (Stream<String> rows = handler.apply(request)) {
            rows.forEach(row -> System.out.println(row)); // each row is created with the locals of the request
        }
    }
    // @end

    @Test
    void streams() {
        send(new Request("alice", "/"));
        assertThat(REQUEST.isSet()).isFalse();
    }

    @Test
    void pieces() {
        // @start region="open"
        OpenScope scope = MANAGER.open();
        scope.run(() -> REQUEST.set(new Request("alice", "/")));
        String page = scope.call(() -> render("page.html")); // later, on any thread
        scope.close();
        // @end
        assertThat(page).isEqualTo("page.html for alice");
        assertThat(REQUEST.isSet()).isFalse();
    }

    @Test
    void aManagedScopeStartsEmptyAndRestoresTheValuesOutside() {
        MANAGER.run(() -> {
            REQUEST.set(new Request("alice", "/"));
            MANAGER.run(() -> assertThat(REQUEST.isSet()).isFalse());
            assertThat(REQUEST.isSet()).isTrue();
        });
    }
}
