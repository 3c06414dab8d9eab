package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.support.OnThread;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a proxy does with calls, and what it answers by itself. */
@OnEachForm
@Tag("modules")
class ProxyTest {

    private static final ContextKey<@Nullable Greeter> KEY = ContextKey.named("greeter");

    private final Greeter alice = Greeter.named("alice");
    private final Greeter bob = Greeter.named("bob");
    private final Greeter proxy = ContextProxies.of(Greeter.class, KEY);

    /** A stack, of which the proxy sees the top. */
    private static final class Stack implements ProxySource<Greeter> {

        private final Deque<Greeter> greeters = new ArrayDeque<>();

        @Override
        public boolean isBound() {
            return !greeters.isEmpty();
        }

        @Override
        public Greeter get() {
            if (greeters.isEmpty()) {
                throw new UnboundContextException(this + " is empty");
            }
            return greeters.getLast();
        }

        @Override
        public String toString() {
            return "the stack";
        }
    }

    @Test // P1, P3
    void everyCallResolvesTheKeyAnew() {
        ScopedContext.where(KEY, alice).run(() -> {
            assertThat(proxy.name()).isEqualTo("alice");
            ScopedContext.where(KEY, bob).run(() -> assertThat(proxy.name()).isEqualTo("bob"));
            assertThat(proxy.name()).isEqualTo("alice");
        });
    }

    @Test // P1, P3
    void everyCallAsksTheSupplierAnew() {
        AtomicInteger asked = new AtomicInteger();
        Greeter numbered = ContextProxies.of(Greeter.class, () -> Greeter.named("" + asked.incrementAndGet()));
        assertThat(asked).hasValue(0);
        assertThat(List.of(numbered.name(), numbered.name(), numbered.toString())).containsExactly("1", "2",
                "Greeter 3");
    }

    @Test // P1, S4
    void aProxyOfASourceFollowsItAndIsUnboundAgain() {
        Stack stack = new Stack();
        Greeter top = ContextProxies.of(Greeter.class, stack);
        assertThat(ContextProxies.isBound(top)).isFalse();
        stack.greeters.add(alice);
        assertThat(ContextProxies.isBound(top)).isTrue();
        assertThat(top.name()).isEqualTo("alice");
        stack.greeters.add(bob);
        assertThat(top.name()).isEqualTo("bob");
        stack.greeters.clear();
        assertThatThrownBy(top::name).isInstanceOf(UnboundContextException.class).hasMessage("the stack is empty");
        assertThat(top).hasToString("ContextProxy[dev.scopedcontext.proxy.Greeter from the stack, unbound]");
    }

    @Test
    void aSourceThatIsEmptiedWhileItIsAskedIsUnbound() {
        AtomicInteger asked = new AtomicInteger();
        ProxySource<Greeter> emptied = new ProxySource<>() {

            @Override
            public boolean isBound() {
                return asked.getAndIncrement() == 0;
            }

            @Override
            public Greeter get() {
                throw new UnboundContextException("emptied");
            }
        };
        assertThat(ContextProxies.of(Greeter.class, emptied).toString()).endsWith(", unbound]");
    }

    @Test
    void theDefaultOfAKeyIsForwardedTo() {
        ContextKey<Greeter> withDefault = ContextKey.withDefault("greeter", alice);
        Greeter either = ContextProxies.of(Greeter.class, withDefault);
        assertThat(ContextProxies.isBound(either)).isTrue();
        assertThat(either.name()).isEqualTo("alice");
        assertThat(either).hasToString("Greeter alice").isEqualTo(alice);
        ScopedContext.where(withDefault, bob).run(() -> assertThat(either.name()).isEqualTo("bob"));
    }

    @Test // P4
    void unwrapGivesTheVeryTarget() {
        ScopedContext.where(KEY, alice).run(() -> assertThat(ContextProxies.unwrap(proxy)).isSameAs(alice));
        assertThatThrownBy(() -> ContextProxies.unwrap(proxy)).isInstanceOf(UnboundContextException.class);
        assertThat(ContextProxies.unwrap(alice)).isSameAs(alice);
    }

    @Test // P21
    void proxiesOfProxiesAreUnwrappedToTheEnd() {
        Greeter second = ContextProxies.of(Greeter.class, () -> proxy);
        ContextKey<Greeter> outer = ContextKey.named("outer");
        Greeter third = ContextProxies.of(Greeter.class, outer);
        ScopedContext.where(outer, second).run(() -> {
            assertThat(ContextProxies.isBound(third)).isFalse();
            assertThatThrownBy(third::name).isInstanceOf(UnboundContextException.class)
                    .hasMessageContaining("ContextKey[greeter]");
            assertThat(third.toString()).endsWith("unbound]");
            assertThat(third.equals(third)).isTrue();
            assertThat(third.equals(second)).isFalse();
            ScopedContext.where(KEY, alice).run(() -> {
                assertThat(ContextProxies.isBound(third)).isTrue();
                assertThat(third.name()).isEqualTo("alice");
                assertThat(ContextProxies.unwrap(third)).isSameAs(alice);
                assertThat(third).isEqualTo(alice).isEqualTo(proxy).isEqualTo(second).hasSameHashCodeAs(alice);
                assertThat(proxy).isEqualTo(third);
            });
        });
    }

    @Test // P5
    void anUnboundCallThrowsTheExceptionOfTheKey() {
        assertThatThrownBy(proxy::name).isExactlyInstanceOf(UnboundContextException.class)
                .hasMessageContaining("No value is bound to ContextKey[greeter]").hasNoCause();
    }

    @Test // P5
    void anUnboundCallThrowsTheMessageGivenWithTheProxy() {
        List<Greeter> proxies = List.of(ContextProxies.of(Greeter.class, KEY, "Log in first"),
                ContextProxies.of(Greeter.class, KEY::get, "Log in first"),
                ContextProxies.of(Greeter.class, new Stack(), "Log in first"));
        for (Greeter withMessage : proxies) {
            assertThatThrownBy(withMessage::name).isExactlyInstanceOf(UnboundContextException.class)
                    .hasMessage("Log in first").hasCauseExactlyInstanceOf(UnboundContextException.class);
            assertThatThrownBy(() -> ContextProxies.unwrap(withMessage)).hasMessage("Log in first");
        }
    }

    @Test // P7, P8d
    void anExceptionOfTheSourceArrivesAsItself() {
        IllegalStateException failure = new IllegalStateException("source");
        Greeter failing = ContextProxies.of(Greeter.class, () -> {
            throw failure;
        }, "Log in first");
        assertThatThrownBy(failing::name).isSameAs(failure).hasNoSuppressedExceptions();
        assertThatThrownBy(failing::toString).isSameAs(failure);
        assertThatThrownBy(() -> failing.equals(alice)).isSameAs(failure);
        assertThatThrownBy(() -> ContextProxies.isBound(failing)).isSameAs(failure);
    }

    @Test // P7, P8d
    void whatAFunctionOfASourceMissesIsNotTheSourcesOwn() {
        ProxySource<Greeter> part = new ProxySource<>() {

            @Override
            public boolean isBound() {
                return true;
            }

            @Override
            public @Nullable Greeter get() {
                return KEY.get();
            }
        };
        Greeter failing = ContextProxies.of(Greeter.class, part, "Push something first");
        assertThatThrownBy(failing::name).isInstanceOf(UnboundContextException.class)
                .hasMessageContaining("ContextKey[greeter]");
        assertThatThrownBy(failing::toString).hasMessageContaining("ContextKey[greeter]");
        assertThat(ContextProxies.isBound(failing)).isTrue();
    }

    @Test // P8
    void anUnboundProxyTellsSoAndForwardsNothing() {
        assertThat(proxy)
                .hasToString("ContextProxy[dev.scopedcontext.proxy.Greeter from ContextKey[greeter], unbound]");
        assertThat(ContextProxies.of(Greeter.class, (Supplier<Greeter>) KEY::get))
                .hasToString("ContextProxy[dev.scopedcontext.proxy.Greeter from a supplier, unbound]");
        assertThatThrownBy(proxy::greet).isInstanceOf(UnboundContextException.class);
        assertThatThrownBy(() -> proxy.rename("carol")).isInstanceOf(UnboundContextException.class);
        assertThatThrownBy(proxy::read).isInstanceOf(UnboundContextException.class);
        assertThat(ContextProxies.isBound(proxy)).isFalse();
        ScopedContext.where(KEY, alice).run(() -> {
            assertThat(proxy).hasToString("Greeter alice");
            assertThat(ContextProxies.isBound(proxy)).isTrue();
        });
        assertThat(ContextProxies.isBound(alice)).isTrue();
    }

    @Test // P9
    void equalsUnwrapsItsArgumentAndAsksTheTarget() {
        Greeter other = ContextProxies.of(Greeter.class, () -> alice);
        ScopedContext.where(KEY, alice).run(() -> {
            assertThat(proxy.equals(alice)).isTrue();
            assertThat(proxy.equals(Greeter.named("alice"))).isTrue();
            assertThat(proxy.equals(other)).isTrue();
            assertThat(other.equals(proxy)).isTrue();
            assertThat(proxy.equals(proxy)).isTrue();
            assertThat(proxy.equals(bob)).isFalse();
            assertThat(proxy.equals(null)).isFalse();
            assertThat(proxy.equals((Object) "alice")).isFalse();
            // The target knows nothing of proxies.
            assertThat(alice.equals(proxy)).isFalse();
        });
    }

    @Test // P9
    void nothingEqualsAProxyThatIsUnbound() {
        Greeter bound = ContextProxies.of(Greeter.class, () -> alice);
        assertThat(bound.equals(proxy)).isFalse();
    }

    @Test // P10
    void hashCodeIsTheTargets() {
        ScopedContext.where(KEY, alice).run(() -> assertThat(proxy.hashCode()).isEqualTo(alice.hashCode()));
        ScopedContext.where(KEY, bob).run(() -> assertThat(proxy.hashCode()).isEqualTo(bob.hashCode()));
    }

    @Test // P12
    void unboundEqualsIsIdentityAndUnboundHashCodeThrows() {
        Greeter twin = ContextProxies.of(Greeter.class, KEY);
        assertThat(proxy.equals(proxy)).isTrue();
        assertThat(proxy.equals(twin)).isFalse();
        assertThat(proxy.equals(alice)).isFalse();
        assertThat(proxy.equals(null)).isFalse();
        assertThatThrownBy(proxy::hashCode).isInstanceOf(UnboundContextException.class);
    }

    @Test // P13
    void aProxyIsOfItsTypeAndKnownAsProxy() {
        assertThat((Object) proxy).isInstanceOf(Greeter.class).isNotInstanceOf(Greeter.Named.class);
        assertThat(ContextProxies.isProxy(proxy)).isTrue();
        assertThat(ContextProxies.isProxy(alice)).isFalse();
        assertThat(ContextProxies.isProxy(null)).isFalse();
        assertThat(ContextProxies.isProxy(Proxy.newProxyInstance(Greeter.class.getClassLoader(),
                new Class<?>[]{Greeter.class}, (self, method, arguments) -> null))).isFalse();
    }

    @Test // P24
    void methodsOfEveryKindGoToTheTarget() {
        ScopedContext.where(KEY, alice).run(() -> {
            assertThat(proxy.greet()).isEqualTo("I am alice");
            assertThat(proxy.greet("bob")).isEqualTo("alice greets bob");
            assertThat(proxy.greet(1, 2L, 3.5, true)).isEqualTo("1 2 3.5 true");
            assertThat(proxy.greetAll()).isEqualTo("[]");
            assertThat(proxy.greetAll("bob", null)).isEqualTo("[bob, null]");
            assertThat(proxy.<Integer>greatest(List.of(1, 3, 2))).isEqualTo(3);
            proxy.rename("carol");
            assertThat(alice.name()).isEqualTo("carol");
        });
    }

    /** An interface with a method that in a class is for the JVM to call. */
    interface Ending {

        @SuppressWarnings({"deprecation", "removal", "Finalize"})
        void finalize();
    }

    @Test
    void finalizeOfAnInterfaceIsAMethodLikeOthers() {
        AtomicInteger calls = new AtomicInteger();
        Ending target = new Ending() {
            @Override
            @SuppressWarnings({"deprecation", "removal", "Finalize", "MissingSuperCall"})
            public void finalize() {
                calls.incrementAndGet();
            }
        };
        ContextProxies.of(Ending.class, () -> target).finalize();
        assertThat(calls).hasValue(1);
    }

    @Test // P25
    void theTargetsExceptionsArriveUnwrapped() {
        ScopedContext.where(KEY, alice).run(() -> {
            assertThatThrownBy(proxy::read).isExactlyInstanceOf(IOException.class).hasMessage("alice cannot read")
                    .hasNoCause();
            assertThatThrownBy(() -> proxy.greatest(List.<String>of())).isExactlyInstanceOf(
                    java.util.NoSuchElementException.class).hasNoCause();
        });
        StackOverflowError error = new StackOverflowError("not really");
        Runnable failing = ContextProxies.of(Runnable.class, () -> () -> {
            throw error;
        });
        assertThatThrownBy(failing::run).isSameAs(error);
    }

    /** The one thing in which the forms differ: the JDK lets no other exceptions out of a dynamic proxy. */
    @Test // P25
    void anExceptionThatIsNotDeclaredArrivesFromGeneratedProxies() {
        IOException failure = new IOException("not declared");
        Runnable failing = ContextProxies.of(Runnable.class, () -> () -> ProxyTest.<RuntimeException>sneak(failure));
        if (ProxyForms.current() instanceof GeneratedProxies) {
            assertThatThrownBy(failing::run).isSameAs(failure);
        } else {
            assertThatThrownBy(failing::run).isExactlyInstanceOf(UndeclaredThrowableException.class)
                    .cause().isSameAs(failure);
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneak(Throwable failure) throws X {
        throw (X) failure;
    }

    @Test
    void theFormIsTheOneThatTheTestAsksFor() {
        assertThat(Proxy.isProxyClass(proxy.getClass())).isEqualTo(ProxyForms.current() instanceof DynamicProxies);
    }

    @Test // P25
    void anUnboundKeyThatTheTargetReadsIsItsOwn() {
        UnboundContextException failure = new UnboundContextException("the target's");
        Runnable failing = ContextProxies.of(Runnable.class, () -> () -> {
            throw failure;
        }, "the proxy's");
        assertThatThrownBy(failing::run).isSameAs(failure);
    }

    @Test // P26
    void aBoundNullIsNotUnbound() {
        ScopedContext.where(KEY, null).run(() -> {
            String message = "ContextProxy[dev.scopedcontext.proxy.Greeter from ContextKey[greeter], null] has nothing"
                    + " to forward to, since its source returned null: bind an object, or leave it unbound";
            assertThatThrownBy(proxy::name).isExactlyInstanceOf(NullPointerException.class).hasMessage(message);
            assertThatThrownBy(proxy::hashCode).isExactlyInstanceOf(NullPointerException.class).hasMessage(message);
            assertThatThrownBy(() -> ContextProxies.unwrap(proxy)).hasMessage(message);
            assertThat(ContextProxies.isBound(proxy)).isTrue();
            assertThat(proxy)
                    .hasToString("ContextProxy[dev.scopedcontext.proxy.Greeter from ContextKey[greeter], null]");
            assertThat(proxy.equals(proxy)).isTrue();
            assertThat(proxy.equals(alice)).isFalse();
            assertThat(proxy.equals(null)).isFalse();
        });
    }

    @Test
    void aTargetOfAnotherTypeIsAClassCastException() {
        @SuppressWarnings({"unchecked", "rawtypes"})
        Greeter wrong = ContextProxies.of(Greeter.class, (Supplier<Greeter>) (Supplier) () -> "a string");
        assertThatThrownBy(wrong::name).isExactlyInstanceOf(ClassCastException.class)
                .hasMessageContaining("java.lang.String").hasMessageContaining("Greeter");
    }

    @Test
    void proxiesThatLeadToEachOtherOverflowTheStack() {
        ContextKey<Greeter> self = ContextKey.named("self");
        Greeter circle = ContextProxies.of(Greeter.class, self);
        ScopedContext.where(self, circle).run(() -> {
            assertThatThrownBy(circle::name).isInstanceOf(StackOverflowError.class);
            assertThatThrownBy(() -> ContextProxies.unwrap(circle)).isInstanceOf(StackOverflowError.class);
        });
    }

    @Test
    void aSharedProxyForwardsToWhatEachThreadHas() throws Exception {
        ScopedContext.where(KEY, alice).call(() -> {
            OnThread.run(() -> {
                assertThat(ContextProxies.isBound(proxy)).isFalse();
                ScopedContext.where(KEY, bob).run(() -> assertThat(proxy.name()).isEqualTo("bob"));
            });
            assertThat(proxy.name()).isEqualTo("alice");
            return null;
        });
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullArgumentsAreNamed() {
        Supplier<Greeter> source = () -> alice;
        assertNamed("type", () -> ContextProxies.of(null, KEY));
        assertNamed("type", () -> ContextProxies.of(null, source));
        assertNamed("key", () -> ContextProxies.of(Greeter.class, (ContextKey<Greeter>) null));
        assertNamed("key", () -> ContextProxies.of(Greeter.class, (ContextKey<Greeter>) null, "unbound"));
        assertNamed("source", () -> ContextProxies.of(Greeter.class, (Supplier<Greeter>) null));
        assertNamed("source", () -> ContextProxies.of(Greeter.class, (Supplier<Greeter>) null, "unbound"));
        assertNamed("unboundMessage", () -> ContextProxies.of(Greeter.class, KEY, null));
        assertNamed("unboundMessage", () -> ContextProxies.of(Greeter.class, source, null));
        assertNamed("proxy", () -> ContextProxies.isBound(null));
        assertNamed("proxy", () -> ContextProxies.unwrap(null));
    }

    private static void assertNamed(String parameter, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(NullPointerException.class).hasMessage(parameter);
    }
}
