package dev.scopedcontext.spring.servlet;

import static jakarta.servlet.DispatcherType.ASYNC;
import static jakarta.servlet.DispatcherType.ERROR;
import static jakarta.servlet.DispatcherType.REQUEST;

import dev.scopedcontext.servlet.RequestFilter;
import jakarta.servlet.DispatcherType;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.web.servlet.AbstractFilterRegistrationBean;
import org.springframework.boot.web.servlet.FilterRegistration;

/**
 * Warns about a {@link RequestFilter} of the application that does not see all dispatches. Spring Boot maps a plain
 * bean to {@code REQUEST} only, and puts it behind all other filters.
 */
final class PlainFilterCheck implements SmartInitializingSingleton {

    private static final Log LOG = LogFactory.getLog(PlainFilterCheck.class);

    private static final List<DispatcherType> NEEDED = List.of(REQUEST, ASYNC, ERROR);

    private final ListableBeanFactory beans;

    PlainFilterCheck(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Set<Object> registered = Collections.newSetFromMap(new IdentityHashMap<>());
        beans.getBeansOfType(AbstractFilterRegistrationBean.class, false, false).forEach((name, registration) -> {
            registered.add(registration.getFilter());
            checkRegistration(name, registration);
        });
        beans.getBeansOfType(RequestFilter.class, false, false).forEach((name, filter) -> {
            if (!registered.contains(filter)) {
                checkBean(name, beans.findAnnotationOnBean(name, FilterRegistration.class));
            }
        });
    }

    private static void checkRegistration(String name, AbstractFilterRegistrationBean<?> registration) {
        if (registration.getFilter() instanceof RequestFilter) {
            checkTypes("The FilterRegistrationBean " + name + " maps a RequestFilter",
                    registration.determineDispatcherTypes());
        }
    }

    private static void checkBean(String name, @Nullable FilterRegistration registration) {
        if (registration == null) {
            warn("Spring Boot maps the RequestFilter bean " + name + " to REQUEST only, behind all other filters");
        } else {
            checkTypes("The @FilterRegistration of the RequestFilter bean " + name + " maps it",
                    Arrays.asList(registration.dispatcherTypes()));
        }
    }

    private static void checkTypes(String mapping, Collection<DispatcherType> types) {
        if (!types.containsAll(NEEDED)) {
            warn(mapping + " to " + (types.isEmpty() ? List.of(REQUEST) : types) + " only");
        }
    }

    private static void warn(String mapping) {
        LOG.warn(mapping + ", so asynchronous dispatches and error pages run outside its scopes. Declare beans of type"
                + " RequestScopeOpener instead of the filter, or a FilterRegistrationBean with the dispatcher types"
                + " REQUEST, ASYNC and ERROR");
    }
}
