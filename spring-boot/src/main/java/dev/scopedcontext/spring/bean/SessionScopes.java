package dev.scopedcontext.spring.bean;

import dev.scopedcontext.named.NamedContext;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionValidationException;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.core.type.MethodMetadata;

/**
 * Registers a scope for each context that {@link ContextScoped} beans name. Spring's own annotation can only give all
 * of these beans the same scope, so this also replaces the scope of each definition by that of its context.
 */
final class SessionScopes implements BeanFactoryPostProcessor {

    /** The scope of a definition before this has seen it. */
    static final String UNNAMED = "context";

    /** The beginning of the name of a scope. The name of the context follows. */
    private static final String PREFIX = UNNAMED + ".";

    private static final AtomicInteger CREATED = new AtomicInteger();

    /** Distinguishes the beans of this factory from those of others whose sessions are the same. */
    private final int number = CREATED.incrementAndGet();

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
        for (String name : factory.getBeanDefinitionNames()) {
            BeanDefinition definition = factory.getBeanDefinition(name);
            if (UNNAMED.equals(definition.getScope())) {
                definition.setScope(PREFIX + contextOf(definition, name));
            }
            String scope = definition.getScope(); // in an application that was compiled ahead of time, already named
            if (scope != null && scope.startsWith(PREFIX) && factory.getRegisteredScope(scope) == null) {
                String context = scope.substring(PREFIX.length());
                ensureDeclared(factory, context, name);
                factory.registerScope(scope, new SessionScope(scope,
                        () -> factory.getBean(context, NamedContext.class), number));
            }
        }
    }

    private static String contextOf(BeanDefinition definition, String name) {
        AnnotatedTypeMetadata annotated = annotated(definition);
        MergedAnnotation<ContextScoped> annotation = annotated == null
                ? MergedAnnotation.missing()
                : annotated.getAnnotations().get(ContextScoped.class);
        if (!annotation.isPresent()) {
            throw new BeanDefinitionValidationException("Bean '" + SessionScope.shown(name) + "' has scope '" + UNNAMED
                    + "', which names no context: use @ContextScoped, or scope '" + PREFIX + "' followed by the name of"
                    + " a NamedContext bean");
        }
        return annotation.getString("value");
    }

    private static @Nullable AnnotatedTypeMetadata annotated(BeanDefinition definition) {
        if (!(definition instanceof AnnotatedBeanDefinition annotated)) {
            return null;
        }
        MethodMetadata method = annotated.getFactoryMethodMetadata();
        return method == null ? annotated.getMetadata() : method;
    }

    private static void ensureDeclared(ConfigurableListableBeanFactory factory, String context, String name) {
        if (!factory.containsBean(context) || !factory.isTypeMatch(context, NamedContext.class)) {
            throw new BeanDefinitionValidationException("Bean '" + SessionScope.shown(name) + "' lives in sessions of"
                    + " the context '" + context + "', but no bean of type NamedContext has that name: declare @Bean"
                    + " NamedContext " + context + "(), or let @ContextScoped name another bean");
        }
    }
}
