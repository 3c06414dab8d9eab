package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.proxy.ContextProxies;
import dev.scopedcontext.proxy.ProxySource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of docs/guide/proxies.md. */
@ExtendWith(CleanThread.class)
class ProxiesPageTest {

    // @start region="proxy"
    interface Basket {

        void add(String item);

        List<String> items();
    }

    static final ContextKey<Basket> BASKET = ContextKey.named("basket");
    static final Basket basket = ContextProxies.of(Basket.class, BASKET);

    static String buy(String item) {
        basket.add(item); // into the basket of the current customer
        return "You have " + String.join(", ", basket.items());
    }
    // @end

    // @start region="list-basket"
    record ListBasket(List<String> items) implements Basket {

        @Override
        public void add(String item) {
            items.add(item);
        }
    }

    static String serve() {
        Basket ofCustomer = new ListBasket(new ArrayList<>());
        return ScopedContext.where(BASKET, ofCustomer).call(() -> buy("tea")); // You have tea
    }
    // @end

    @Test
    void proxyForwardsToTheBoundObject() {
        assertThat(serve()).isEqualTo("You have tea");
    }

    @Test
    void questions() {
        Basket ofCustomer = new ListBasket(new ArrayList<>());
        ScopedContext.where(BASKET, ofCustomer).run(() -> {
            // @start region="questions"
            boolean proxy = ContextProxies.isProxy(basket);
            boolean bound = ContextProxies.isBound(basket);
            Basket target = ContextProxies.unwrap(basket);
            // @end
            assertThat(proxy).isTrue();
            assertThat(bound).isTrue();
            assertThat(target).isSameAs(ofCustomer);
            assertThat(basket).isEqualTo(target).hasSameHashCodeAs(target);
        });
    }

    @Test
    void theTableWhereNothingIsBound() {
        assertThatThrownBy(basket::items).isInstanceOf(UnboundContextException.class).hasMessageContaining("basket");
        assertThatThrownBy(basket::hashCode).isInstanceOf(UnboundContextException.class);
        assertThat(basket.toString()).contains("basket").contains("unbound");
        assertThat(basket.equals(basket)).isTrue();
        assertThat(ContextProxies.isBound(basket)).isFalse();
        ScopedContext.where(BASKET, null).run(() -> assertThatThrownBy(basket::items)
                .isInstanceOf(NullPointerException.class).hasMessageContaining("basket"));
    }

    @Test
    void messageOfItsOwn() {
        // @start region="message"
        Basket customers = ContextProxies.of(Basket.class, BASKET, "Enter the shop first");
        // @end
        assertThatThrownBy(customers::items).isInstanceOf(UnboundContextException.class)
                .hasMessage("Enter the shop first");
    }

    // @start region="supplier"
    static final ContextKey<String> CITY = ContextKey.named("city");
    static final CharSequence city = ContextProxies.of(CharSequence.class, () -> CITY.get().strip());
    // @end

    @Test
    void supplier() {
        assertThat(ScopedContext.where(CITY, " Paris ").call(() -> city.length())).isEqualTo(5);
    }

    // @start region="source"
    /** Gives the current task of a plain thread-local variable. */
    static final class CurrentTask implements ProxySource<Runnable> {

        static final ThreadLocal<Runnable> TASK = new ThreadLocal<>();

        @Override
        public boolean isBound() {
            return TASK.get() != null;
        }

        @Override
        public Runnable get() {
            if (!isBound()) {
                throw new UnboundContextException("No task is running");
            }
            return TASK.get();
        }
    }

    static final Runnable task = ContextProxies.of(Runnable.class, new CurrentTask());
    // @end

    @Test
    void source() {
        List<String> runs = new ArrayList<>();
        assertThat(ContextProxies.isBound(task)).isFalse();
        assertThatThrownBy(task::run).isInstanceOf(UnboundContextException.class).hasMessage("No task is running");
        CurrentTask.TASK.set(() -> runs.add("run"));
        task.run();
        CurrentTask.TASK.remove();
        assertThat(runs).containsExactly("run");
    }
}
