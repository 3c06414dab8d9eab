package dev.scopedcontext.spring.micrometer;

import dev.scopedcontext.micrometer.ScopedContextAccessor;
import io.micrometer.context.ContextRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * Registers a {@link ScopedContextAccessor} with Micrometer's {@code ContextRegistry}, unless there is one. Snapshots
 * of Micrometer then carry the context. With {@code spring.reactor.context-propagation=auto}, so do operators of
 * Reactor.
 *
 * <p>The registry belongs to the process. The accessor is removed when the last application that uses it is closed.
 */
@AutoConfiguration
@ConditionalOnClass(ContextRegistry.class)
@ConditionalOnProperty(name = "scopedcontext.micrometer.enabled", matchIfMissing = true)
public final class MicrometerContextAutoConfiguration {

    /** Created by Spring. */
    MicrometerContextAutoConfiguration() {
    }

    @Bean
    @Lazy(false)
    AccessorRegistration scopedContextAccessorRegistration() {
        return new AccessorRegistration(SharedAccessor.ofProcess());
    }
}
