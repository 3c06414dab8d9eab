package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Resources whose opener returned them, and yet nobody got them. */
@ExtendWith(CleanThread.class)
class UnkeptResourceTest {

    private final Link.Log log = new Link.Log();
    private final NamedContext request = NamedContext.named("request");
    private final AtomicReference<@Nullable Error> atExit = new AtomicReference<>();
    private final ResourceKey<Link> before = request.resource("before", Link.class, () -> log.open("before"));
    private final ResourceKey<Link> link = request.resource("link", Link.class, () -> {
        before.get();
        ScopedContext.onExit(failure -> {
            Error error = atExit.getAndSet(null);
            if (error != null) {
                throw error;
            }
        });
        return log.open("link");
    });

    @Test
    void instanceIsClosedAtOnceWhereAHookOfItsOpenerFails() {
        AssertionError error = new AssertionError("hook");
        request.session().run(() -> {
            atExit.set(error);
            assertThatThrownBy(link::get).isSameAs(error);
            assertThat(link.isOpen()).isFalse();
            log.add("again");
            link.get();
        });
        assertThat(log).containsExactly("open before", "open link", "close link", "again", "open link", "close link",
                "close before");
    }

    @Test
    void instanceIsClosedAtTheEndWhereTheStackOverflowsInAHookOfItsOpener() {
        StackOverflowError error = new StackOverflowError();
        request.session().run(() -> {
            atExit.set(error);
            assertThatThrownBy(link::get).isSameAs(error);
            assertThat(link.isOpen()).isFalse();
            log.add("again");
            link.get();
        });
        assertThat(log).containsExactly("open before", "open link", "again", "open link", "close link", "close link",
                "close before");
    }

    @Test
    void failureToCloseIsSuppressedIntoThatOfTheOpener() {
        AssertionError error = new AssertionError("hook");
        IllegalStateException close = new IllegalStateException("close");
        request.session().run(() -> {
            atExit.set(error);
            log.failToClose(close);
            assertThatThrownBy(link::get).isSameAs(error)
                    .satisfies(failure -> assertThat(failure.getSuppressed()).containsExactly(close));
            log.failToClose(null);
        });
        assertThat(log.open).hasValue(0);
    }
}
