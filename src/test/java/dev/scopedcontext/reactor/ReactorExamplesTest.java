package dev.scopedcontext.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The examples of the README and of the Javadoc. */
@ExtendWith(CleanThread.class)
class ReactorExamplesTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    @Test
    void restoring() {
        Scheduler scheduler = Schedulers.newSingle("example");
        ScopedContext.where(USER, "alice").run(() -> {
            // @start region="reactor"
            Mono<String> page = Mono.fromCallable(() -> load())
                    .publishOn(scheduler)
                    .transform(ReactorContexts.restoring())
                    .map(text -> text + ", seen by " + USER.get())
                    .contextWrite(ReactorContexts.writing(ScopedContext.capture()));
            // @end
            assertThat(page.block()).isEqualTo("page, seen by alice");
        });
        scheduler.dispose();
    }

    private static String load() {
        return "page";
    }
}
