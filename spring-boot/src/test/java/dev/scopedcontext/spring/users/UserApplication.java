package dev.scopedcontext.spring.users;

import static dev.scopedcontext.spring.servlet.RequestScopeOpener.afterSecurity;
import static dev.scopedcontext.spring.users.UserContexts.ID;
import static dev.scopedcontext.spring.users.UserContexts.LOGIN;
import static dev.scopedcontext.spring.users.UserContexts.NOTING;
import static dev.scopedcontext.spring.users.UserContexts.RECORDS;
import static dev.scopedcontext.spring.users.UserContexts.REQUEST;
import static dev.scopedcontext.spring.users.UserContexts.USER;

import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.spring.bean.ContextScoped;
import dev.scopedcontext.spring.servlet.RequestScopeOpener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.EnumSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** An application in which each layer reads the user and the request. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableAsync
@EnableMethodSecurity
@Import({UserPages.class, UserService.class, Sights.class, ServerThreads.class})
class UserApplication {

    /** The pool of the scheduler of Reactor. It is no bean, so tasks are passed to it unchanged. */
    private final ScheduledExecutorService delaying = Executors.newScheduledThreadPool(3);

    @Bean
    Records records() {
        return new Records();
    }

    @Bean
    @Order(1)
    RequestScopeOpener request(Records records) {
        return request -> {
            records.connected(request.getRemotePort());
            return REQUEST.session().where(ID, request.getHeader("X-Id")).where(RECORDS, records);
        };
    }

    @Bean
    @Order(2)
    RequestScopeOpener notes() {
        return request -> NOTING;
    }

    @Bean
    RequestScopeOpener login(@Value("${users.split:true}") boolean split) {
        RequestScopeOpener login = request -> LOGIN.session().where(USER, name(request));
        return split ? afterSecurity(login) : login;
    }

    private static String name(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        return principal == null ? "none" : principal.getName();
    }

    @Bean("request context")
    NamedContext requestContext() {
        return REQUEST;
    }

    @Bean("login context")
    NamedContext loginContext() {
        return LOGIN;
    }

    @Bean
    @ContextScoped("request context")
    SessionBean requestBean() {
        return new SessionBean();
    }

    @Bean
    @ContextScoped("login context")
    SessionBean loginBean() {
        return new SessionBean();
    }

    /** A filter of the application that reads the id of the request outside of Spring Security. */
    @Bean
    FilterRegistrationBean<Filter> outerReader(Sights sights) {
        return reader("Outer", Ordered.HIGHEST_PRECEDENCE + 10, dispatch -> sights.ofRequest());
    }

    /** A filter of the application that reads everything inside of Spring Security. */
    @Bean
    FilterRegistrationBean<Filter> innerReader(Sights sights) {
        return reader("Inner", -50, sights::of);
    }

    private static FilterRegistrationBean<Filter> reader(String header, int order, UnaryOperator<String> sight) {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
            ((HttpServletResponse) response).setHeader(header, sight.apply(request.getDispatcherType().name()));
            chain.doFilter(request, response);
        });
        registration.setName(header);
        registration.setOrder(order);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC,
                DispatcherType.ERROR));
        return registration;
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests
                .dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC).permitAll()
                .anyRequest().authenticated())
                .csrf(csrf -> csrf.disable())
                .httpBasic(Customizer.withDefaults())
                .build();
    }

    @Bean
    UserDetailsService users() {
        return name -> User.withUsername(name).password("{noop}secret of " + name).roles("USER").build();
    }

    /** Executors that the application declares itself. */
    @Bean(defaultCandidate = false)
    @Qualifier("reports")
    ThreadPoolTaskExecutor reports() {
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setCorePoolSize(4);
        executor.setThreadNamePrefix("reports-");
        return executor;
    }

    @Bean(defaultCandidate = false)
    @Qualifier("late")
    SimpleAsyncTaskExecutor late() {
        return new SimpleAsyncTaskExecutor("late-");
    }

    @Bean(destroyMethod = "dispose")
    Scheduler delays() {
        return Schedulers.fromExecutorService(delaying);
    }

    ScheduledExecutorService delaying() {
        return delaying;
    }
}
