package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of docs/guide/bindings.md. */
@ExtendWith(CleanThread.class)
class BindingsPageTest {

    // @start region="keys"
    record User(String name) {
    }

    static final ContextKey<User> USER = ContextKey.named("user");
    static final ContextKey<Locale> LOCALE = ContextKey.withDefault("locale", Locale.ROOT);

    static String page() {
        return (LOCALE.get() == Locale.FRENCH ? "Bonjour " : "Hello ") + USER.get().name();
    }
    // @end

    // @start region="read-page"
    static String read() throws IOException {
        return page();
    }
    // @end

    // @start region="nesting"
    static final ContextKey<String> PATH = ContextKey.<String>builder("path")
            .nesting((outer, inner) -> outer + "/" + inner)
            .build();
    // @end

    @Test
    void bindAndRun() {
        // @start region="run"
        ScopedContext.where(USER, new User("alice")).run(() -> System.out.println(page()));
        String greeting = ScopedContext.where(USER, new User("alice")).call(() -> page());
        // @end
        assertThat(greeting).isEqualTo("Hello alice");
    }

    @Test
    void bindingsAreReusable() {
        // @start region="bindings"
        Bindings french = ScopedContext.where(USER, new User("alice")).where(LOCALE, Locale.FRENCH);
        String first = french.call(() -> page());
        String second = french.call(() -> page());
        // @end
        assertThat(List.of(first, second)).containsOnly("Bonjour alice");
    }

    @Test
    void readings() {
        ScopedContext.where(USER, new User("alice")).run(() -> {
            // @start region="read"
            User user = USER.get();
            User orNull = USER.orElse(null);
            User orRefused = USER.orElseThrow(() -> new IllegalStateException("Log in first"));
            String name = USER.find().map(User::name).orElse("nobody");
            boolean bound = USER.isBound();
            // @end
            assertThat(List.of(user, orNull, orRefused)).containsOnly(new User("alice"));
            assertThat(name).isEqualTo("alice");
            assertThat(bound).isTrue();
        });
    }

    @Test
    void theTableOfReadingsWhereNothingIsBound() {
        assertThat(LOCALE.get()).isEqualTo(Locale.ROOT);
        assertThat(LOCALE.orElse(Locale.FRENCH)).isEqualTo(Locale.FRENCH);
        assertThat(LOCALE.find()).isEmpty();
        assertThat(LOCALE.isBound()).isFalse();
        assertThatThrownBy(() -> LOCALE.orElseThrow(IllegalStateException::new))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(USER::get).isInstanceOf(UnboundContextException.class).hasMessageContaining("user");
        assertThat(USER.orElse(null)).isNull();
        assertThat(USER.find()).isEmpty();
    }

    @Test
    void theTableOfReadingsWhereNullIsBound() {
        ScopedContext.where(USER, null).where(LOCALE, null).run(() -> {
            assertThat(USER.get()).isNull();
            assertThat(LOCALE.get()).isNull();
            assertThat(USER.orElse(new User("bob"))).isNull();
            assertThat(USER.orElseThrow(IllegalStateException::new)).isNull();
            assertThat(USER.find()).isEmpty();
            assertThat(USER.isBound()).isTrue();
        });
    }

    @Test
    void without() {
        ScopedContext.where(USER, new User("alice")).run(() -> {
            // @start region="without"
            boolean bound = ScopedContext.without(USER).call(() -> USER.isBound()); // false
            // @end
            assertThat(bound).isFalse();
        });
    }

    @Test
    void nesting() {
        // @start region="path"
        String path = ScopedContext.where(PATH, "shop").call(() -> //
        ScopedContext.where(PATH, "orders").call(() -> PATH.get())); // shop/orders
        // @end
        assertThat(path).isEqualTo("shop/orders");
    }

    @Test
    void theExceptionOfTheBodyIsDeclared() {
        // @start region="one-exception"
        try {
            String text = ScopedContext.where(USER, new User("alice")).call(() -> read());
            System.out.println(text);
        } catch (IOException failure) { // thrown by read()
            System.out.println("Try again later");
        }
        // @end
    }
}
