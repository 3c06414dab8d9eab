package dev.scopedcontext.spring.servlet;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * The settings of the filters.
 *
 * @param order the order of the filter that opens scopes before Spring Security
 * @param orderAfterSecurity the order of the filter that opens scopes after it
 * @param errorPages whether the filters open scopes for error pages
 */
record RequestFilterSettings(int order, int orderAfterSecurity, boolean errorPages) {

    /**
     * Directly behind the filter that sets the encoding. If an opener read a parameter of a form before that, the
     * parameters would be decoded wrongly, also for the application.
     */
    private static final int OUTERMOST = Ordered.HIGHEST_PRECEDENCE + 1;

    /** The default of Spring Boot for the property {@code spring.security.filter.order}. */
    private static final int ORDER_OF_SECURITY = -100;

    static RequestFilterSettings of(Environment environment) {
        Binder binder = Binder.get(environment);
        int security = binder.bind("spring.security.filter.order", Integer.class).orElse(ORDER_OF_SECURITY);
        return new RequestFilterSettings(
                binder.bind("scopedcontext.servlet.order", Integer.class).orElse(OUTERMOST),
                inside(security),
                binder.bind("scopedcontext.servlet.error-pages", Boolean.class).orElse(true));
    }

    /**
     * Requires that the scopes after Spring Security are inside those before it.
     *
     * @throws IllegalStateException if the filters have another order
     */
    void requireNesting() {
        if (order >= orderAfterSecurity) {
            throw new IllegalStateException("scopedcontext.servlet.order is " + order + ", but must be smaller than "
                    + orderAfterSecurity + ", the order of the filter that opens scopes after Spring Security");
        }
    }

    /** Returns the order of the outermost filter inside the one that opens scopes before Spring Security. */
    int orderInside() {
        return inside(order);
    }

    private static int inside(int order) {
        return order == Ordered.LOWEST_PRECEDENCE ? order : order + 1;
    }
}
