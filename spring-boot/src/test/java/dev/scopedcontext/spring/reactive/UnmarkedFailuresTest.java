package dev.scopedcontext.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.spring.support.ReactiveEndings;
import dev.scopedcontext.spring.support.ReactiveServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.web.server.ResponseStatusException;

/** Exceptions that become responses, if the application does not want hooks to get them. */
@Timeout(60)
class UnmarkedFailuresTest {

    @Test
    void hooksGetOnlyExceptionsThatNobodyHandles() throws Exception {
        ReactiveEndings endings = new ReactiveEndings();
        ExchangeFailuresTest.REQUEST.onSessionExit(failure -> endings.add(ExchangeFailuresTest.USER.get(), failure));
        try (ReactiveServer server = ReactiveServer.start(ExchangeFailuresTest.Application.class,
                "scopedcontext.reactive.mark-failures=false")) {
            for (String path : new String[]{"/stream", "/thrown", "/observed", "/unavailable"}) {
                server.get(path, "alice");
                assertThat(endings.next().failure()).as(path).isNull();
            }
            server.get("/conflict", "alice");
            assertThat(endings.next().failure()).isInstanceOf(ResponseStatusException.class);
            assertThat(server.context().getBeansOfType(FailureRecorder.class)).isEmpty();
        }
    }
}
