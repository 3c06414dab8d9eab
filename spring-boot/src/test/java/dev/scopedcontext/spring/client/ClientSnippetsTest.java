package dev.scopedcontext.spring.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

/** The examples of the Javadoc. */
class ClientSnippetsTest {

    // @start region="destinations"
    @Bean
    BaggageDestinations ownServices() {
        return uri -> uri.getHost().endsWith(".internal.example.com");
    }
    // @end

    @Test
    void examplesRun() {
        assertThat(ownServices().includes(URI.create("https://orders.internal.example.com/1"))).isTrue();
        assertThat(ownServices().includes(URI.create("https://example.org/"))).isFalse();
    }
}
