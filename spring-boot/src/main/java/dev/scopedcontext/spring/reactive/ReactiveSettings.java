package dev.scopedcontext.spring.reactive;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * The settings of the filters.
 *
 * @param order the order of the filter that opens scopes before Spring Security
 * @param marksFailures whether hooks get exceptions that were turned into responses
 */
record ReactiveSettings(int order, boolean marksFailures) {

    /** Spring Security's filter has the fixed order -100. */
    static final int ORDER_AFTER_SECURITY = -99;

    static ReactiveSettings of(Environment environment) {
        Binder binder = Binder.get(environment);
        return new ReactiveSettings(
                binder.bind("scopedcontext.reactive.order", Integer.class).orElse(Ordered.HIGHEST_PRECEDENCE),
                binder.bind("scopedcontext.reactive.mark-failures", Boolean.class).orElse(true));
    }
}
