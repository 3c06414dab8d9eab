package dev.scopedcontext.spring.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.spring.support.LogOfTheStarter;
import dev.scopedcontext.spring.support.ServletApplication;
import dev.scopedcontext.spring.support.ServletKind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.mock.web.MockHttpServletRequest;

/** When the filters are registered, and with which settings. */
@ExtendWith({OutputCaptureExtension.class, LogOfTheStarter.class})
class ServletConditionsTest {

    private static final AutoConfigurations ROOM = AutoConfigurations.of(ServletContextAutoConfiguration.class);

    private final WebApplicationContextRunner web = new WebApplicationContextRunner().withConfiguration(ROOM);

    @Test
    void filtersWithoutOpenersAreNotMapped(CapturedOutput output) {
        for (ServletKind kind : ServletKind.platform().toList()) {
            try (ServletApplication application = ServletApplication.start(kind, Plain.class)) {
                for (String name : List.of("scopedContext", "scopedContextOuterFailure",
                        "scopedContextAfterSecurity")) {
                    assertThat(mappings(application, name)).as(name).isEmpty();
                }
                assertThat(output).doesNotContain("was not registered").doesNotContain("WARN");
            }
        }
    }

    private static Collection<String> mappings(ServletApplication application, String filter) {
        return application.context().getServletContext().getFilterRegistration(filter).getUrlPatternMappings();
    }

    @Test
    void theOuterFilterIsTheOutermostAndTheOtherIsAfterSecurity() {
        web.run(context -> assertThat(orders(context.getBeansOfType(FilterRegistrationBean.class))).isEqualTo(Map.of(
                "scopedContextFilter", Ordered.HIGHEST_PRECEDENCE + 1, "scopedContextOuterFailureFilter",
                Ordered.HIGHEST_PRECEDENCE + 2, "scopedContextFilterAfterSecurity", -99)));
    }

    @Test
    void propertiesSetTheOrder() {
        web.withPropertyValues("scopedcontext.servlet.order=3", "spring.security.filter.order=2147483647")
                .run(context -> assertThat(orders(context.getBeansOfType(FilterRegistrationBean.class)))
                        .isEqualTo(Map.of("scopedContextFilter", 3, "scopedContextOuterFailureFilter", 4,
                                "scopedContextFilterAfterSecurity", Ordered.LOWEST_PRECEDENCE)));
    }

    @Test
    void theOuterFilterMustBeOutsideOfTheOneAfterSecurity() {
        WebApplicationContextRunner inner = web.withBean("inner", RequestScopeOpener.class,
                () -> RequestScopeOpener.afterSecurity(request -> ScopedContext.without()));
        WebApplicationContextRunner both = inner.withBean("outer", RequestScopeOpener.class,
                () -> request -> ScopedContext.without());

        inner.withPropertyValues("scopedcontext.servlet.order=7").run(context -> assertThat(context).hasNotFailed());
        both.withPropertyValues("scopedcontext.servlet.order=-100")
                .run(context -> assertThat(context).hasNotFailed());
        both.withPropertyValues("scopedcontext.servlet.order=7")
                .run(context -> assertThat(context).getFailure().rootCause().isInstanceOf(IllegalStateException.class)
                        .hasMessage("scopedcontext.servlet.order is 7, but must be smaller than -99, the order of the"
                                + " filter that opens scopes after Spring Security"));
    }

    private static Map<String, Integer> orders(Map<String, ?> filters) {
        return filters.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                filter -> ((FilterRegistrationBean<?>) filter.getValue()).getOrder()));
    }

    @Test
    void aPropertySwitchesTheRoomOff() {
        web.withPropertyValues("scopedcontext.servlet.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void anApplicationThatServesNoRequestsHasNoFilters() {
        new ApplicationContextRunner().withConfiguration(ROOM)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void soHasOneWithoutServlets() {
        new ApplicationContextRunner().withConfiguration(ROOM)
                .withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.web"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RequestFilterSettings.class));
    }

    @Test
    void servletsWithoutSpringMvcHaveFilters() {
        web.withClassLoader(new FilteredClassLoader("org.springframework.web.servlet", "org.springframework.security"))
                .run(context -> assertThat(context).hasNotFailed().hasBean("scopedContextFilter"));
    }

    @Test
    void anOpenerThatReturnsNullIsNamed() throws Exception {
        ScopeOfRequest scope = new ScopeOfRequest(new Null(), "null");
        assertThatThrownBy(() -> scope.apply(new MockHttpServletRequest()))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("The RequestScopeOpener Null returned null: return ScopedContext.without() to open none");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Plain {
    }

    private static final class Null implements RequestScopeOpener {

        @Override
        @SuppressWarnings("NullAway")
        public ScopeOpener open(HttpServletRequest request) {
            return null;
        }

        @Override
        public String toString() {
            return "Null";
        }
    }
}
