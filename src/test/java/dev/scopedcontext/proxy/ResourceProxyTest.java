package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.support.OnThread;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** P8: {@code toString}, {@code equals} and {@code hashCode} of a resource's proxy never open the resource. */
@OnEachForm
class ResourceProxyTest {

    private static final String NOT_OPEN = "ContextProxy[dev.scopedcontext.proxy.Greeter from"
            + " ResourceKey[request.greeter], not open]";

    private final AtomicInteger opened = new AtomicInteger();
    private final NamedContext request = NamedContext.named("request");
    private final Greeter early = request.proxy("greeter", Greeter.class);
    private final ResourceKey<Greeter> key = request.resource("greeter", Greeter.class,
            () -> Greeter.named("opened " + opened.incrementAndGet()), greeter -> {
            });
    private final Greeter proxy = ContextProxies.of(Greeter.class, key);
    private final List<Greeter> proxies = List.of(proxy, early, ContextProxies.of(Greeter.class, key, "Log in first"));

    @Test
    void aResourceThatIsNotOpenStaysSo() {
        request.session().run(() -> {
            for (Greeter each : proxies) {
                assertThat(ContextProxies.isBound(each)).isTrue();
                assertThat(each.toString()).isEqualTo(NOT_OPEN);
                assertThat(each.equals(each)).isTrue();
                assertThat(each.equals(ContextProxies.of(Greeter.class, key))).isFalse();
                assertThat(each.equals(Greeter.named("opened 1"))).isFalse();
                assertThat(each.equals(null)).isFalse();
                assertHasNoHash(each);
                assertThatThrownBy(() -> new HashSet<>(List.of(each))).isInstanceOf(IllegalStateException.class);
            }
            assertThat(key.isOpen()).isFalse();
        });
        assertThat(opened).hasValue(0);
    }

    private static void assertHasNoHash(Object proxy) {
        assertThatThrownBy(proxy::hashCode).isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage(NOT_OPEN + " has no hash code before it is opened: call another method first, or keep"
                        + " proxies out of hashed collections");
    }

    @Test
    void onceOpenTheInstanceAnswers() {
        request.session().run(() -> {
            assertThat(proxy.name()).isEqualTo("opened 1");
            for (Greeter each : proxies) {
                assertThat(each.toString()).isEqualTo("Greeter opened 1");
                assertThat(each.equals(Greeter.named("opened 1"))).isTrue();
                assertThat(each.equals(proxy)).isTrue();
                assertThat(each.hashCode()).isEqualTo("opened 1".hashCode());
            }
        });
        assertThat(opened).hasValue(1);
    }

    @Test
    void anInstanceThatWasGivenAnswers() {
        request.session().with(key, Greeter.named("given")).run(() -> {
            assertThat(proxy.toString()).isEqualTo("Greeter given");
            assertThat(early.equals(proxy)).isTrue();
            assertThat(proxy.hashCode()).isEqualTo("given".hashCode());
        });
        assertThat(opened).hasValue(0);
    }

    @Test
    void outsideOfASessionItIsUnbound() {
        assertThat(proxy.toString()).isEqualTo(NOT_OPEN.replace("not open", "unbound"));
        assertThat(proxy.equals(proxy)).isTrue();
        assertThat(proxy.equals(early)).isFalse();
        assertThatThrownBy(proxy::hashCode).isExactlyInstanceOf(UnboundContextException.class);
        assertThat(NamedContext.named("empty").proxy("absent", Greeter.class).toString()).endsWith("unbound]");
    }

    @Test
    void asAnArgumentItStaysClosed() {
        Greeter other = ContextProxies.of(Greeter.class, () -> Greeter.named("opened 1"));
        request.session().run(() -> {
            assertThat(other.equals(proxy)).isFalse();
            assertThat(List.of(other).contains(proxy)).isFalse();
        });
        assertThat(opened).hasValue(0);
    }

    @Test
    void behindAnotherProxyItStaysClosed() {
        ContextKey<Greeter> outer = ContextKey.named("outer");
        List<Greeter> around = List.of(ContextProxies.of(Greeter.class, outer),
                ContextProxies.of(Greeter.class, () -> proxy));
        request.session().run(() -> ScopedContext.where(outer, proxy).run(() -> {
            for (Greeter each : around) {
                assertThat(each.toString()).isEqualTo(NOT_OPEN);
                assertThat(each.equals(each)).isTrue();
                assertThat(each.equals(proxy)).isFalse();
                assertThat(proxy.equals(each)).isFalse();
                assertHasNoHash(each);
            }
        }));
        assertThat(opened).hasValue(0);
    }

    @Test
    void aTaskThatHasNotOpenedItsOwnOpensNone() throws Exception {
        key.perTask();
        request.session().call(() -> {
            assertThat(proxy.name()).isEqualTo("opened 1");
            Runnable task = ScopedContext.capture().wrap(() -> {
                assertThat(proxy.toString()).isEqualTo(NOT_OPEN);
                assertHasNoHash(proxy);
                assertThat(proxy.equals(proxy)).isTrue();
            });
            OnThread.run(task::run);
            assertThat(proxy.toString()).isEqualTo("Greeter opened 1");
            return null;
        });
        assertThat(opened).hasValue(1);
    }

    @Test
    void aPieceOfAnOpenSessionAndAnOverlayOpenNone() throws Exception {
        try (OpenScope session = request.session().open()) {
            OnThread.run(() -> session.run(() -> request.overlay().run(() -> {
                for (Greeter each : proxies) {
                    assertThat(each.toString()).isEqualTo(NOT_OPEN);
                    assertThat(each.equals(each)).isTrue();
                    assertHasNoHash(each);
                }
            })));
        }
        assertThat(opened).hasValue(0);
    }

    @Test
    void whileAnotherThreadOpensItNobodyWaits() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ResourceKey<Greeter> slow = request.resource("slow", Greeter.class, () -> {
            opening.countDown();
            goOn.await();
            return Greeter.named("slow");
        }, greeter -> {
        });
        Greeter slowProxy = ContextProxies.of(Greeter.class, slow);
        request.session().call(() -> {
            Thread opener = new Thread(ScopedContext.capture().wrap((Runnable) slowProxy::name));
            opener.start();
            opening.await();
            assertThat(slowProxy.toString()).endsWith("from ResourceKey[request.slow], not open]");
            assertThat(slowProxy.equals(slowProxy)).isTrue();
            assertThatThrownBy(slowProxy::hashCode).isInstanceOf(IllegalStateException.class);
            goOn.countDown();
            opener.join();
            assertThat(slowProxy.toString()).isEqualTo("Greeter slow");
            return null;
        });
    }

    @Test
    void aHookAtTheEndThatLogsAProxyOpensNothing() {
        List<String> logged = new ArrayList<>();
        request.onSessionExit(failure -> logged.add(proxy.toString()));
        request.session().run(() -> {
        });
        assertThat(logged).containsExactly(NOT_OPEN);
        assertThat(opened).hasValue(0);
    }
}
