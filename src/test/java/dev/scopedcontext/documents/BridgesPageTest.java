package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.ThreadStateCarrier;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.micrometer.MicrometerCarrier;
import dev.scopedcontext.micrometer.ScopedContextAccessor;
import dev.scopedcontext.opentelemetry.OpenTelemetryCarrier;
import dev.scopedcontext.reactor.ReactorContexts;
import dev.scopedcontext.slf4j.MdcCarrier;
import dev.scopedcontext.slf4j.MdcMirror;
import dev.scopedcontext.task.TaskScopes;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.context.Scope;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The examples of docs/guide/bridges.md. */
@ExtendWith(CleanThread.class)
class BridgesPageTest {

    // @start region="mdc"
    record User(String name) {
    }

    static final ContextKey<String> REQUEST_ID = ContextKey.<String>builder("request id")
            .mirror(MdcMirror.to("requestId"))
            .build();
    static final ContextKey<User> USER = ContextKey.<User>builder("user")
            .mirror(MdcMirror.to("user", User::name))
            .build();
    // @end

    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private final User alice = new User("alice");

    @AfterEach
    void shutDown() {
        pool.shutdown();
    }

    @Test
    void valuesAreInTheMdc() {
        ScopedContext.where(REQUEST_ID, "r1").where(USER, alice)
                .run(() -> assertThat(MDC.get("requestId") + " " + MDC.get("user")).isEqualTo("r1 alice"));
        assertThat(MDC.get("requestId")).isNull();
    }

    @Test
    void theWholeMdcIsCarried() throws Exception {
        MDC.put("node", "n1");
        try {
            // @start region="mdc-carrier"
            ExecutorService executor = ContextExecutors.propagating(pool);
            Future<String> page = ScopedContext.where(REQUEST_ID, "r1").carrying(MdcCarrier.all())
                    .call(() -> executor.submit(() -> load())); // with all entries of the caller
            // @end
            assertThat(page.get()).isEqualTo("n1 r1");
        } finally {
            MDC.clear();
        }
    }

    private static String load() {
        return MDC.get("node") + " " + MDC.get("requestId");
    }

    @Test
    void stateOfMicrometerIsCarried() {
        ThreadLocal<String> locale = new ThreadLocal<>();
        ContextRegistry.getInstance().registerThreadLocalAccessor("locale", locale);
        try {
            locale.set("fr");
            // @start region="micrometer-carrier"
            ThreadStateCarrier micrometer = MicrometerCarrier.of(ContextSnapshotFactory.builder().build());
            ContextSnapshot now = ScopedContext.where(USER, alice).carrying(micrometer)
                    .call(() -> ScopedContext.capture());
            // @end
            locale.set("de");
            now.run(() -> assertThat(locale.get() + USER.get()).isEqualTo("fr" + alice));
            assertThat(locale.get()).isEqualTo("de");
        } finally {
            ContextRegistry.getInstance().removeThreadLocalAccessor("locale");
            locale.remove();
        }
    }

    @Test
    void micrometerAndReactorCarryTheContext() {
        Scheduler scheduler = Schedulers.newSingle("page");
        try {
            // @start region="accessor"
            ContextRegistry.getInstance().registerThreadLocalAccessor(new ScopedContextAccessor());
            Hooks.enableAutomaticContextPropagation(); // for Reactor
            // @end
            String page = ScopedContext.where(USER, alice)
                    .call(() -> Mono.just("page of ").publishOn(scheduler).map(text -> text + USER.get().name())
                            .block());
            assertThat(page).isEqualTo("page of alice");
        } finally {
            Hooks.disableAutomaticContextPropagation();
            ContextRegistry.getInstance().removeThreadLocalAccessor(ScopedContextAccessor.KEY);
            scheduler.dispose();
        }
    }

    @Test
    void theContextOfOpenTelemetryIsCarried() throws Exception {
        try (Scope scope = Baggage.builder().put("shop", "nordwind").build().makeCurrent()) {
            // @start region="opentelemetry"
            String page = ScopedContext.where(USER, alice).carrying(OpenTelemetryCarrier.current())
                    .call(() -> TaskScopes.par(() -> header(), () -> body(), String::concat));
            // @end
            assertThat(page).isEqualTo("header nordwind, body nordwind");
        }
    }

    private static String header() {
        return "header " + Baggage.current().getEntryValue("shop");
    }

    private static String body() {
        return ", body " + Baggage.current().getEntryValue("shop");
    }

    @Test
    void theContextTravelsInThatOfReactor() {
        Scheduler scheduler = Schedulers.newSingle("page");
        ScopedContext.where(USER, alice).run(() -> {
            // @start region="reactor"
            Mono<String> page = Mono.fromCallable(() -> "page of ")
                    .publishOn(scheduler)
                    .transform(ReactorContexts.restoring()) // for the operators below
                    .map(text -> text + USER.get().name())
                    .contextWrite(ReactorContexts.writing(ScopedContext.capture()));
            // @end
            assertThat(page.block()).isEqualTo("page of alice");
        });
        scheduler.dispose();
    }

    @Test
    void theContextIsFoundInThatOfReactor() {
        ScopedContext.where(USER, alice).run(() -> {
            // @start region="reactor-find"
            Mono<String> name = Mono.deferContextual(context -> Mono.just(
                    ReactorContexts.find(context).map(now -> now.get(USER).name()).orElse("nobody")));
            // @end
            assertThat(name.contextWrite(ReactorContexts.writing(ScopedContext.capture())).block()).isEqualTo("alice");
            assertThat(name.block()).isEqualTo("nobody");
        });
    }
}
