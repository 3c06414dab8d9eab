package dev.scopedcontext.spring.bean;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.named.NamedContext;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

/** The examples of the Javadoc. */
class BeanExamplesTest {

    // @start region="declare"
    static final NamedContext ORDER = NamedContext.named("order");

    @Configuration
    static class Contexts {

        @Bean
        NamedContext order() {
            return ORDER;
        }
    }

    @Component
    @ContextScoped("order")
    static class Basket {

        private final List<String> items = new ArrayList<>();

        void put(String item) {
            items.add(item);
        }

        List<String> items() {
            return List.copyOf(items);
        }
    }
    // @end

    // @start region="use"
    @Component
    static class Shop {

        private final Basket basket; // a proxy

        Shop(Basket basket) {
            this.basket = basket;
        }

        List<String> buy(String item) {
            return ORDER.session().call(() -> {
                basket.put(item);
                return basket.items(); // the basket of this session, which then ends
            });
        }
    }
    // @end

    @Configuration
    @ImportAutoConfiguration(BeanContextAutoConfiguration.class)
    @Import({Contexts.class, Basket.class, Shop.class})
    static class Application {
    }

    @Test
    void eachSessionHasABasket() {
        try (var application = new AnnotationConfigApplicationContext(Application.class)) {
            Shop shop = application.getBean(Shop.class);
            assertThat(shop.buy("tea")).containsExactly("tea");
            assertThat(shop.buy("milk")).containsExactly("milk");
        }
    }
}
