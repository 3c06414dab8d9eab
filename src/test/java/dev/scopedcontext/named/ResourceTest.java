package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When resources are opened and closed. */
@ExtendWith(CleanThread.class)
class ResourceTest {

    private final Link.Log log = new Link.Log();
    private final NamedContext request = NamedContext.named("request");
    private final ContextKey<String> user = request.key("user", String.class);
    private final ResourceKey<Link> a = link("a");
    private final ResourceKey<Link> b = link("b");
    private final IllegalStateException body = new IllegalStateException("body");

    private ResourceKey<Link> link(String name) {
        return request.resource(name, Link.class, () -> log.open(name));
    }

    @Test
    void resourceIsOpenedAtFirstUseAndClosedAtTheEnd() {
        request.session().run(() -> {
            log.add("body");
            Link first = a.get();
            assertThat(a.get()).isSameAs(first);
            log.add("used");
        });
        assertThat(log).containsExactly("body", "open a", "used", "close a");
    }

    @Test
    void resourceThatIsNotUsedIsNeitherOpenedNorClosed() {
        request.session().run(() -> {
            assertThat(a.isBound()).isTrue();
            assertThat(a.isOpen()).isFalse();
        });
        assertThat(log).isEmpty();
    }

    @Test
    void closedInReverseOrderOfOpening() {
        request.session().run(() -> {
            b.get();
            a.get();
        });
        assertThat(log).containsExactly("open b", "open a", "close a", "close b");
    }

    @Test
    void resourceIsClosedBeforeThoseItsOpenerUsed() {
        ResourceKey<Link> above = request.resource("above", Link.class, () -> {
            log.add("opening above");
            return log.open("above " + a.get() + " of " + user.get());
        });
        request.session().where(user, "alice").run(above::get);
        assertThat(log).containsExactly("opening above", "open a", "open above a of alice", "close above a of alice",
                "close a");
    }

    @Test
    void closerMayUseWhatWasOpenedBefore() {
        ResourceKey<String> above = request.resource("above", String.class, () -> "above " + a.get(), opened -> {
            assertThat(a.isOpen()).isTrue();
            assertThat(b.isBound()).isFalse(); // nothing can be opened any more
            log.add("close " + opened + " with " + a.get() + " of " + user.get());
            assertThatThrownBy(b::get).isInstanceOf(UnboundContextException.class).hasMessageContaining("has ended");
        });
        request.session().where(user, "alice").run(above::get);
        assertThat(log).containsExactly("open a", "close above a with a of alice", "close a");
    }

    @Test
    void closerFindsItsOwnResourceGone() {
        AtomicReference<ResourceKey<String>> self = new AtomicReference<>();
        self.set(request.resource("self", String.class, () -> "self", opened -> {
            assertThat(self.get().isOpen()).isFalse();
            assertThatThrownBy(self.get()::get).isInstanceOf(UnboundContextException.class);
            log.add("closed");
        }));
        request.session().run(self.get()::get);
        assertThat(log).containsExactly("closed");
    }

    @Test
    void eachSessionHasItsOwn() {
        request.session().run(() -> {
            Link outer = a.get();
            request.session().run(() -> assertThat(a.get()).isNotSameAs(outer));
            assertThat(a.get()).isSameAs(outer);
        });
        assertThat(log).containsExactly("open a", "open a", "close a", "close a");
    }

    @Test
    void overlaySharesThoseOfItsSession() {
        request.session().run(() -> {
            request.overlay().where(user, "alice").run(a::get);
            log.add("overlay left");
            request.overlay().run(() -> assertThat(a.isOpen()).isTrue());
            a.get();
        });
        assertThat(log).containsExactly("open a", "overlay left", "close a");
    }

    @Test
    void overlayWithNoSessionHasItsOwn() {
        request.overlay().run(a::get);
        assertThat(log).containsExactly("open a", "close a");
    }

    @Test // R7
    void overlayHasTheResourcesOfWhereItWasMade() {
        request.session().run(() -> {
            Link mine = a.get();
            Session overlay = request.overlay();
            request.session().run(() -> overlay.run(() -> assertThat(a.get()).isSameAs(mine)));
        });
        assertThat(log).containsExactly("open a", "close a");
    }

    @Test
    void overlayOfASessionThatHasEndedFindsItsResourcesGone() {
        Session overlay = request.session().where(user, "alice").call(() -> request.overlay());
        overlay.run(() -> {
            assertThat(user.get()).isEqualTo("alice");
            assertThat(a.isBound()).isFalse();
            assertThat(request.isActive()).isFalse();
            assertThatThrownBy(a::get).isInstanceOf(UnboundContextException.class)
                    .hasMessage(
                            "ResourceKey[request.a] is gone: the session of context 'request' that it was a part of has"
                                    + " ended. Use it before that, or in another session if the work outlives"
                                    + " this one");
        });
        assertThat(log).isEmpty();
    }

    @Test
    void useWithoutASessionSaysSo() {
        assertThat(a.isBound()).isFalse();
        assertThat(a.isOpen()).isFalse();
        assertThatThrownBy(a::get).isInstanceOf(UnboundContextException.class)
                .hasMessageStartingWith("No session of context 'request' is active on " + Thread.currentThread())
                .hasMessageContaining("'request.a'");
    }

    @Test
    void useAfterTheEndSaysSo() {
        ContextSnapshot snapshot = request.session().where(user, "alice").call(() -> {
            a.get();
            return ScopedContext.capture();
        });
        snapshot.run(() -> {
            assertThat(user.get()).isEqualTo("alice");
            assertThat(a.isBound()).isFalse();
            assertThat(a.isOpen()).isFalse();
            assertThat(request.isActive()).isFalse();
            assertThatThrownBy(a::get).isInstanceOf(UnboundContextException.class).hasMessageContaining("has ended");
        });
        assertThat(log).containsExactly("open a", "close a");
    }

    @Test
    void openerThatFailsLeavesNothingAndMayBeTriedAgain() {
        IllegalStateException failure = new IllegalStateException("no network");
        AtomicReference<IllegalStateException> next = new AtomicReference<>(failure);
        ResourceKey<Link> flaky = request.resource("flaky", Link.class, () -> {
            if (next.get() != null) {
                throw next.getAndSet(null);
            }
            return log.open("flaky");
        });
        request.session().run(() -> {
            assertThatThrownBy(flaky::get).isSameAs(failure);
            assertThat(flaky.isOpen()).isFalse();
            assertThat(log).isEmpty();
            flaky.get();
        });
        assertThat(log).containsExactly("open flaky", "close flaky");
    }

    @Test
    void checkedExceptionOfAnOpenerIsTheCauseOfAnUncheckedOne() {
        IOException failure = new IOException("no network");
        ResourceKey<Link> failing = request.resource("failing", Link.class, () -> {
            throw failure;
        });
        request.session().run(() -> assertThatThrownBy(failing::get).isInstanceOf(ResourceException.class)
                .hasMessage("ResourceKey[request.failing] could not be opened: " + failure).cause().isSameAs(failure));
    }

    @Test
    void openerThatIsInterruptedLeavesTheThreadInterrupted() {
        ResourceKey<Link> failing = request.resource("failing", Link.class, () -> {
            throw new InterruptedException();
        });
        request.session().run(() -> assertThatThrownBy(failing::get).hasCauseInstanceOf(InterruptedException.class));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @SuppressWarnings("NullAway")
    void openerThatReturnsNullIsRefused() {
        ResourceKey<Link> none = request.resource("none", Link.class, () -> null);
        request.session().run(() -> assertThatThrownBy(none::get).isInstanceOf(NullPointerException.class)
                .hasMessage("The opener of ResourceKey[request.none] returned null"));
    }

    @Test
    void openerRunsInAScopeOfItsOwn() {
        ResourceKey<Link> scoped = request.resource("scoped", Link.class, () -> {
            ScopedContext.onExit(failure -> log.add("exit of opener"));
            return log.open("scoped");
        });
        request.session().run(() -> {
            scoped.get();
            log.add("body");
        });
        assertThat(log).containsExactly("open scoped", "exit of opener", "body", "close scoped");
    }

    @Test // X5
    void allAreClosedWhateverOthersThrow() {
        IllegalArgumentException failure = new IllegalArgumentException("close");
        log.failToClose(failure);
        IOException other = new IOException("other");
        ResourceKey<String> c = request.resource("c", String.class, () -> "c", opened -> {
            log.add("close c");
            throw other;
        });
        assertThatThrownBy(() -> request.session().run(() -> {
            a.get();
            c.get();
        })).isInstanceOf(ResourceException.class)
                .hasMessage("ResourceKey[request.c] could not be closed: java.io.IOException: other").hasCause(other)
                .hasSuppressedException(failure);
        assertThat(log).containsExactly("open a", "close c", "close a");
    }

    @Test // R18
    void failureOfTheBodyComesFirst() {
        IllegalArgumentException failure = new IllegalArgumentException("close");
        log.failToClose(failure);
        assertThatThrownBy(() -> request.session().run(() -> {
            a.get();
            throw body;
        })).isSameAs(body).hasSuppressedException(failure);
        assertThat(request.isActive()).isFalse();
    }

    @Test
    void interruptedThreadStillCloses() {
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        ResourceKey<String> c = request.resource("c", String.class, () -> "c",
                opened -> interrupted.set(Thread.currentThread().isInterrupted()));
        request.session().run(() -> {
            a.get();
            c.get();
            Thread.currentThread().interrupt();
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupted).hasValue(false);
        assertThat(log).containsExactly("open a", "close a");
    }

    @Test
    void closerThatIsInterruptedDoesNotKeepOthersFromClosing() {
        ResourceKey<String> c = request.resource("c", String.class, () -> "c", opened -> {
            throw new InterruptedException();
        });
        ResourceKey<String> first = request.resource("first", String.class, () -> "first",
                opened -> log.add(Thread.currentThread().isInterrupted()));
        assertThatThrownBy(() -> request.session().run(() -> {
            first.get();
            c.get();
        })).hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(log).containsExactly(false);
    }

    @Test
    void givenInstanceIsUsedAndLeftOpen() {
        Link given = log.open("given");
        request.session().with(a, given).run(() -> {
            assertThat(a.isOpen()).isTrue();
            assertThat(a.isBound()).isTrue();
            assertThat(a.get()).isSameAs(given);
            b.get();
        });
        assertThat(log).containsExactly("open given", "open b", "close b");
    }

    @Test
    void overlayMayBeGivenAnInstance() {
        Link given = log.open("given");
        request.session().run(() -> {
            Link opened = b.get();
            request.overlay().with(a, given).run(() -> {
                assertThat(a.get()).isSameAs(given);
                assertThat(b.get()).isSameAs(opened);
                request.overlay().where(user, "alice").run(() -> assertThat(a.get()).isSameAs(given));
                request.session().run(() -> assertThat(a.isOpen()).isFalse());
            });
            assertThat(a.isOpen()).isFalse();
        });
        assertThat(log).containsExactly("open given", "open b", "close b");
    }

    @Test
    void givenInstanceIsGoneWithItsSession() {
        Link given = log.open("given");
        ContextSnapshot snapshot = request.session().with(a, given).call(ScopedContext::capture);
        snapshot.run(() -> {
            assertThat(a.isBound()).isFalse();
            assertThatThrownBy(a::get).isInstanceOf(UnboundContextException.class).hasMessageContaining("has ended");
        });
    }

    @Test
    void givenInstanceIsUsedInHooksAndClosersToo() {
        Link given = log.open("given");
        ResourceKey<String> above = request.resource("above", String.class, () -> "above",
                opened -> log.add("closing with " + a.get()));
        request.onSessionExit(failure -> log.add("hook with " + a.get()));
        request.session().with(a, given).run(above::get);
        assertThat(log).containsExactly("open given", "hook with given", "closing with given");
    }

    @Test
    void attachedSessionClosesWhenItsAttachmentDoes() {
        try (Attachment attachment = request.session().attach()) {
            a.get();
            try (Attachment overlay = request.overlay().attach()) {
                b.get();
            }
            log.add("overlay closed");
        }
        assertThat(log).containsExactly("open a", "open b", "overlay closed", "close b", "close a");
    }

    @Test
    void resourceDeclaredInTheMiddleOfASessionOpensInIt() {
        request.session().run(() -> {
            for (int i = 0; i < 20; i++) {
                assertThat(link("late " + i).get()).hasToString("late " + i);
            }
        });
        assertThat(log.open).hasValue(0);
        assertThat(log).hasSize(40).first().isEqualTo("open late 0");
        assertThat(log).last().isEqualTo("close late 0");
    }

    @Test
    void circleIsShown() {
        AtomicReference<ResourceKey<Object>> first = new AtomicReference<>();
        NamedContext app = NamedContext.named("app");
        ResourceKey<Object> second = app.resource("second", Object.class, () -> first.get().get(), closed -> {
        });
        ResourceKey<Object> third = request.resource("third", Object.class, second::get, closed -> {
        });
        first.set(request.resource("first", Object.class, third::get, closed -> {
        }));
        app.session().run(() -> request.session().run(() -> {
            assertThatThrownBy(first.get()::get).isInstanceOf(IllegalStateException.class)
                    .hasMessage("Resources need each other to be opened: request.first → request.third → app.second →"
                            + " request.first. Open one of them without the other, and supply the other one later");
            assertThat(first.get().isOpen()).isFalse();
        }));
    }

    @Test
    void circleOfOneIsShown() {
        AtomicReference<ResourceKey<Link>> self = new AtomicReference<>();
        self.set(request.resource("self", Link.class, () -> self.get().get()));
        request.session().run(() -> assertThatThrownBy(self.get()::get).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(": request.self → request.self."));
    }

    @Test
    void circleThroughASnapshotIsShown() {
        AtomicReference<ResourceKey<Link>> self = new AtomicReference<>();
        AtomicReference<ContextSnapshot> before = new AtomicReference<>();
        self.set(request.resource("self", Link.class, () -> before.get().call(() -> self.get().get())));
        request.session().run(() -> {
            before.set(ScopedContext.capture());
            assertThatThrownBy(self.get()::get).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(": request.self → request.self.");
        });
    }
}
