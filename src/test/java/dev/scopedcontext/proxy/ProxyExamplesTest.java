package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of the Javadoc. */
class ProxyExamplesTest {

    interface Basket {

        void add(String item);

        List<String> items();
    }

    record Lines(List<String> items) implements Basket {

        @Override
        public void add(String item) {
            items.add(item);
        }
    }

    // @start region="proxy"
    static final ContextKey<Basket> BASKET = ContextKey.named("basket");
    static final Basket basket = ContextProxies.of(Basket.class, BASKET);

    String buy(String item) {
        basket.add(item); // into the basket of whoever is served
        return "You have " + String.join(", ", basket.items());
    }
    // @end

    @Test
    void proxyForwardsToWhatIsBound() {
        assertThat(ScopedContext.where(BASKET, new Lines(new ArrayList<>())).call(() -> buy("tea")))
                .isEqualTo("You have tea");
    }

    // @start region="source"
    static final class Plates<T> implements ProxySource<T> {

        private final Deque<T> plates = new ArrayDeque<>();

        @Override
        public boolean isBound() {
            return !plates.isEmpty();
        }

        @Override
        public T get() {
            if (plates.isEmpty()) {
                throw new UnboundContextException("There is no plate on " + this);
            }
            return plates.getLast();
        }

        @Override
        public String toString() {
            return "the plates";
        }
    }
    // @end

    @Test
    void sourceTellsWhetherItHasSomethingToGive() {
        Plates<CharSequence> plates = new Plates<>();
        CharSequence top = ContextProxies.of(CharSequence.class, plates);
        assertThat(ContextProxies.isBound(top)).isFalse();
        plates.plates.add("plate");
        assertThat(top.length()).isEqualTo(5);
    }
}
