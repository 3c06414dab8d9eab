package dev.scopedcontext.slf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Way;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

/** The whole MDC of Logback, on every way from one thread to another, alone and with a mirror in it. */
@ExtendWith(CleanThread.class)
class MdcCarrierTest {

    private static final ContextKey<String> ID = ContextKey.<String>builder("id").mirror(MdcMirror.to("id")).build();

    private final List<Map<String, String>> seen = new ArrayList<>();

    static List<Way> ways() {
        return Way.all();
    }

    /** The MDC of the thread of each test, before and after it. */
    @RegisterExtension
    final InvocationInterceptor around = new InvocationInterceptor() {

        @Override
        public void interceptTestMethod(Invocation<@Nullable Void> invocation,
                ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
            proceed(invocation);
        }

        @Override
        public void interceptTestTemplateMethod(Invocation<@Nullable Void> invocation,
                ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
            proceed(invocation);
        }

        private void proceed(Invocation<@Nullable Void> invocation) throws Throwable {
            Map<String, String> callers = Map.of("id", "of the caller", "caller", "here");
            MDC.setContextMap(callers);
            invocation.proceed();
            Map<String, String> left = entries();
            MDC.clear();
            assertThat(left).containsExactlyInAnyOrderEntriesOf(callers);
        }
    };

    @ParameterizedTest
    @MethodSource("ways")
    void allEntriesAreTakenAlong(Way way) {
        ScopedContext.carrying(MdcCarrier.all()).run(() -> way.run(this::look));
        assertThat(seen).containsExactly(Map.of("id", "of the caller", "caller", "here"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aMirroredValueIsShownAmongThem(Way way) {
        ScopedContext.where(ID, "r1").carrying(MdcCarrier.all()).run(() -> way.run(this::look));
        assertThat(seen).containsExactly(Map.of("id", "r1", "caller", "here"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aMirroredValueThatIsLeftBehindIsNotAmongThem(Way way) {
        ContextKey<String> dropped = ContextKey.<String>builder("dropped").handOff(HandOff.drop())
                .mirror(MdcMirror.to("id")).build();
        ScopedContext.where(dropped, "r1").carrying(MdcCarrier.all()).run(() -> {
            way.run(this::look);
            look();
        });
        assertThat(seen).containsExactly(Map.of("caller", "here"), Map.of("id", "r1", "caller", "here"));
    }

    @Test
    void entriesAreThoseOfTheCaptureAndReplaceThoseOfTheThread() {
        ContextSnapshot captured = ScopedContext.carrying(MdcCarrier.all()).call(ScopedContext::capture);
        Map<String, String> before = entries();
        MDC.setContextMap(Map.of("later", "on"));
        captured.run(() -> {
            look();
            MDC.put("task", "own");
        });
        captured.run(this::look);
        look();
        Map<String, String> caller = Map.of("id", "of the caller", "caller", "here");
        assertThat(seen).containsExactly(caller, caller, Map.of("later", "on"));
        MDC.setContextMap(before);
    }

    @Test
    void anEmptyMdcIsTakenAlongTooAndPutBack() {
        Map<String, String> before = entries();
        MDC.clear();
        ContextSnapshot captured = ScopedContext.carrying(MdcCarrier.all()).call(ScopedContext::capture);
        MDC.setContextMap(before);
        captured.run(this::look);
        MDC.clear();
        ContextSnapshot.empty().run(() -> captured.run(() -> MDC.put("task", "own")));
        look();
        assertThat(seen).containsExactly(Map.of(), Map.of());
        MDC.setContextMap(before);
    }

    @Test
    void entriesWithoutTextAreTakenAlongAndPutBackAsSuch() {
        Map<String, String> before = entries();
        MDC.clear();
        MDC.put("captured", null);
        ContextSnapshot captured = ScopedContext.carrying(MdcCarrier.all()).call(ScopedContext::capture);
        MDC.clear();
        MDC.put("worker", null);
        captured.run(this::look);
        look();
        assertThat(seen).containsExactly(Collections.singletonMap("captured", null),
                Collections.singletonMap("worker", null));
        MDC.setContextMap(before);
    }

    @Test
    void mirrorAndCarrierPutBackWhatWasThereInReverseOrder() {
        ContextSnapshot captured = ScopedContext.where(ID, "r1").carrying(MdcCarrier.all())
                .call(ScopedContext::capture);
        Map<String, String> before = entries();
        MDC.setContextMap(Map.of("id", "of the worker"));
        captured.run(() -> ScopedContext.where(ID, "r2").run(this::look));
        look();
        ScopedContext.where(ID, "r3").run(() -> {
            captured.run(this::look);
            look();
        });
        assertThat(seen).containsExactly(Map.of("id", "r2", "caller", "here"), Map.of("id", "of the worker"),
                Map.of("id", "r1", "caller", "here"), Map.of("id", "r3"));
        MDC.setContextMap(before);
    }

    @Test
    void aFormatterThatFailsOnAnotherThreadLeavesItsMdcAsItWas() {
        IllegalStateException failure = new IllegalStateException("formatter");
        boolean[] fails = {false};
        ContextKey<String> key = ContextKey.<String>builder("key").mirror(MdcMirror.to("id", value -> {
            if (fails[0]) {
                throw failure;
            }
            return value;
        })).build();
        ContextSnapshot captured = ScopedContext.where(key, "r1").carrying(MdcCarrier.all())
                .call(ScopedContext::capture);
        Map<String, String> before = entries();
        MDC.setContextMap(Map.of("id", "of the worker"));
        fails[0] = true;
        assertThatThrownBy(() -> captured.run(this::look)).isSameAs(failure);
        look();
        assertThat(seen).containsExactly(Map.of("id", "of the worker"));
        MDC.setContextMap(before);
    }

    @Test
    void carrierTellsWhatItIs() {
        assertThat(MdcCarrier.all()).hasToString("MdcCarrier.all()").isSameAs(MdcCarrier.all());
    }

    private void look() {
        seen.add(entries());
    }

    private static Map<String, String> entries() {
        Map<String, String> entries = MDC.getCopyOfContextMap();
        return entries == null ? Map.of() : new HashMap<>(entries);
    }
}
