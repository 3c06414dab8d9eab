package dev.scopedcontext.spring.bean;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Lets {@link ContextScoped} beans live in sessions of named contexts. */
@AutoConfiguration
@ConditionalOnProperty(name = "scopedcontext.bean.enabled", matchIfMissing = true)
public final class BeanContextAutoConfiguration {

    BeanContextAutoConfiguration() {
    }

    @Bean
    static BeanFactoryPostProcessor contextSessionScopes() {
        return new SessionScopes();
    }
}
