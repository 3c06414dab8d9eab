package dev.scopedcontext.spring.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.task.TaskScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;

/** Scopes of jobs and tests, with the security of methods. */
class SecurityScopeTest {

    private static final Authentication JOB = new TestingAuthenticationToken("job", "", "ROLE_JOB");
    private static final Authentication ALICE = new TestingAuthenticationToken("alice", "", "ROLE_USER");

    private static final ApplicationContextRunner RUNNER = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SecurityContextAutoConfiguration.class))
            .withPropertyValues("scopedcontext.security.enabled=true");

    @EnableMethodSecurity
    static class Reports {
    }

    static class ReportService {

        @PreAuthorize("hasRole('JOB')")
        public String report() {
            return "report for " + SecurityContextHolder.getContext().getAuthentication().getName();
        }
    }

    @AfterEach
    void clear() {
        assertThat(SecurityContextHolder.getContextHolderStrategy())
                .isNotInstanceOf(LocalSecurityContextStrategy.class);
        LocalSecurityContextStrategy.INSTANCE.clearContext();
    }

    // @start region="with"
    String inSubtask(ReportService service) throws Exception {
        return SecurityScope.with(JOB).call(() -> {
            try (var scope = TaskScope.open()) {
                var report = scope.fork(() -> service.report()); // a method with @PreAuthorize("hasRole('JOB')")
                scope.join();
                return report.get();
            }
        });
    }
    // @end

    @Test
    void aMethodIsAuthorizedInASubtask() {
        RUNNER.withUserConfiguration(Reports.class).withBean(ReportService.class).run(context -> {
            ReportService service = context.getBean(ReportService.class);
            assertThat(inSubtask(service)).isEqualTo("report for job");
            assertThatThrownBy(() -> SecurityScope.with(ALICE).call(() -> {
                try (var scope = TaskScope.open()) {
                    scope.fork(service::report);
                    return scope.join();
                }
            })).hasCauseInstanceOf(AccessDeniedException.class);
            assertThatThrownBy(service::report).isInstanceOf(AuthenticationCredentialsNotFoundException.class);
        });
    }

    @Test
    void aMethodIsNotAuthorizedInASubtaskWithoutThePart() {
        RUNNER.withPropertyValues("scopedcontext.security.enabled=false").withUserConfiguration(Reports.class)
                .withBean(ReportService.class).run(context -> {
                    ReportService service = context.getBean(ReportService.class);
                    SecurityContextHolder.setContext(new SecurityContextImpl(JOB));
                    try (var scope = TaskScope.open()) {
                        scope.fork(service::report);
                        assertThatThrownBy(scope::join)
                                .hasCauseInstanceOf(AuthenticationCredentialsNotFoundException.class);
                    } finally {
                        SecurityContextHolder.clearContext();
                    }
                });
    }

    @Test
    void aScopeOfTheThreadCarriesWhatATestHasSet() {
        RUNNER.withUserConfiguration(Reports.class).withBean(ReportService.class).run(context -> {
            ReportService service = context.getBean(ReportService.class);
            SecurityContextHolder.setContext(new SecurityContextImpl(JOB));
            String report = SecurityScope.ofThread().call(() -> {
                try (var scope = TaskScope.open()) {
                    var forked = scope.fork(service::report);
                    scope.join();
                    SecurityContextHolder.getContext().setAuthentication(ALICE);
                    return forked.get();
                }
            });
            assertThat(report).isEqualTo("report for job");
            assertThat(SecurityContextHolder.getContext().getAuthentication()).isSameAs(JOB);
        });
    }

    @Test
    void aScopeIsRefusedIfTheHolderDoesNotSeeIt() {
        assertThatThrownBy(() -> SecurityScope.with(JOB).run(() -> {
        })).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("SecurityContextHolder uses org.springframework.security.core.context.Thread")
                .hasMessageEndingWith(", which does not see the scope: set scopedcontext.security.enabled=true, and"
                        + " declare no other SecurityContextHolderStrategy");
        SecurityContextHolder.clearContext();
    }

    @Test
    void nullIsRefused() {
        assertThatThrownBy(() -> SecurityScope.with(null)).isInstanceOf(NullPointerException.class)
                .hasMessage("authentication");
    }
}
