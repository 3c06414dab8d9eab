package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** P27: proxies of classes. */
@ExtendWith(CleanThread.class)
@Tag("per-jdk")
@Tag("modules")
class ClassProxyTest {

    static int created;

    /** A class with a field, with members of every visibility, and with some that no subclass can see. */
    static class Account {

        private final String owner;
        private int balance;
        int visits = 1;

        private Account(String owner) {
            created++;
            this.owner = owner;
        }

        public String owner() {
            return owner;
        }

        protected int balance() {
            return balance;
        }

        void pay(int amount) {
            balance += amount;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Account account && account.owner().equals(owner);
        }

        @Override
        public int hashCode() {
            return owner.hashCode();
        }

        @Override
        public String toString() {
            return owner + "'s account";
        }
    }

    /** Public, so that javac gives it bridges to the public methods of the class above, which is not. */
    public static class PublicAccount extends Account {

        PublicAccount(String owner) {
            super(owner);
        }
    }

    abstract static class Shape<N extends Number> implements Comparable<Shape<N>> {

        abstract N area();

        String describe() {
            return "of area " + area();
        }

        @Override
        public int compareTo(Shape<N> other) {
            return Double.compare(area().doubleValue(), other.area().doubleValue());
        }
    }

    static final class Square extends Shape<Integer> {

        private final int side;

        Square(int side) {
            this.side = side;
        }

        @Override
        Integer area() {
            return side * side;
        }
    }

    /** A class of the time when objects tidied up after themselves. */
    static class Finalized {

        boolean finalized;

        @Override
        @SuppressWarnings({"deprecation", "removal", "Finalize", "Finally"})
        protected void finalize() {
            finalized = true;
        }
    }

    /** Calls a method that the JVM lets it call on its own kind only. */
    static class Names extends AbstractList<String> {

        private final List<String> names = new ArrayList<>();

        @Override
        public String get(int index) {
            return names.get(index);
        }

        @Override
        public void add(int index, String name) {
            names.add(index, name);
        }

        @Override
        public String remove(int index) {
            return names.remove(index);
        }

        @Override
        public int size() {
            return names.size();
        }

        static void removeFirst(Names names) {
            names.removeRange(0, 1);
        }
    }

    private static final ContextKey<Account> KEY = ContextKey.named("account");

    private final Account alices = new Account("alice");
    private final Account proxy = ContextProxies.of(Account.class, KEY);

    @Test
    void aMemberClassOfTheTypeMayHaveTheNameOfOurs() {
        ContextKey<Named> key = ContextKey.named("named");
        Named proxy = ContextProxies.of(Named.class, key);
        ScopedContext.where(key, new Named()).run(() -> assertThat(proxy.member()).hasToString("theirs"));
    }

    static class Named {

        Object member() {
            return new ContextProxy();
        }

        static class ContextProxy {

            @Override
            public String toString() {
                return "theirs";
            }
        }
    }

    @Test
    void methodsThatCanBeOverriddenAreForwarded() {
        ScopedContext.where(KEY, alices).run(() -> {
            proxy.pay(5);
            assertThat(alices.balance).isEqualTo(5);
            assertThat(proxy.balance()).isEqualTo(5);
            assertThat(proxy.owner()).isEqualTo("alice");
            assertThat(proxy.equals(new Account("alice"))).isTrue();
            assertThat(proxy).hasSameHashCodeAs(alices).hasToString("alice's account");
            assertThat(ContextProxies.unwrap(proxy)).isSameAs(alices);
        });
        assertThatThrownBy(() -> proxy.pay(5)).isInstanceOf(UnboundContextException.class);
        assertThatThrownBy(proxy::balance).isInstanceOf(UnboundContextException.class);
        assertThat(proxy.toString()).endsWith("$Account from ContextKey[account], unbound]");
        assertThat(ContextProxies.isProxy(proxy)).isTrue();
    }

    @Test
    void noConstructorRuns() {
        int before = created;
        assertThat(ContextProxies.of(Account.class, KEY)).isNotSameAs(proxy);
        assertThat(created).isEqualTo(before);
    }

    @Test
    void bridgesOfAPublicClassAreForwarded() {
        PublicAccount account = new PublicAccount("alice");
        assertThat(ContextProxies.of(PublicAccount.class, () -> account).owner()).isEqualTo("alice");
    }

    @Test
    @SuppressWarnings({"deprecation", "removal"})
    void theEndOfAProxyIsNotTheEndOfItsTarget() {
        Finalized target = new Finalized();
        ContextProxies.of(Finalized.class, () -> target).finalize();
        assertThat(target.finalized).isFalse();
    }

    /** As documented: nobody has set the fields of a proxy. */
    @Test
    void fieldsAreTheProxysOwn() {
        ScopedContext.where(KEY, alices).run(() -> {
            assertThat(proxy.visits).isZero();
            assertThat(ContextProxies.unwrap(proxy).visits).isOne();
        });
    }

    @Test
    @SuppressWarnings("unchecked")
    void abstractClassIsForwarded() {
        Shape<Integer> shape = ContextProxies.of(Shape.class, () -> new Square(3));
        assertThat(shape.area()).isEqualTo(9);
        assertThat(shape.describe()).isEqualTo("of area 9");
        assertThat(shape.compareTo(new Square(2))).isPositive();
        assertThat(new Square(2).compareTo(shape)).isNegative();
    }

    @Test
    void classOfTheJdkIsForwarded() {
        Random random = ContextProxies.of(Random.class, () -> new Random(42));
        assertThat(random.nextInt()).isEqualTo(new Random(42).nextInt());
        assertThat(random.ints(3)).hasSize(3);
    }

    @Test
    void protectedMethodsOfOtherPackagesAreRefused() {
        Names names = new Names();
        names.add("a");
        Names forwarded = ContextProxies.of(Names.class, () -> names);
        assertThat(forwarded).containsExactly("a");
        assertThatThrownBy(() -> Names.removeFirst(forwarded)).isExactlyInstanceOf(UnsupportedOperationException.class)
                .hasMessage("A proxy of " + Names.class.getName()
                        + " cannot forward protected methods of other packages");
        Names.removeFirst(ContextProxies.unwrap(forwarded));
        assertThat(names).isEmpty();
    }

    /** A class whose own method takes the place of the one that is looked for. */
    @SuppressWarnings("serial")
    static class Narrow implements Serializable {

        private static final long serialVersionUID = 1L;

        String writeReplace() {
            return "narrow";
        }
    }

    @Test
    void aProxyOfAClassWithAnotherWriteReplaceSaysThatItCannotBeWritten() {
        Narrow narrow = ContextProxies.of(Narrow.class, Narrow::new);
        assertThat(narrow.writeReplace()).isEqualTo("narrow");
        assertThatThrownBy(() -> SerialisationTest.write(narrow)).isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("a writeReplace() that does not return Object")
                .hasMessageEndingWith(": write ContextProxies.unwrap(proxy)");
    }

    @Test
    void targetsAreWrittenInPlaceOfProxies() throws Exception {
        Random written = new Random(42);
        Random random = ContextProxies.of(Random.class, () -> written);
        assertThat(SerialisationTest.write(random)).isEqualTo(SerialisationTest.write(written));
    }
}
