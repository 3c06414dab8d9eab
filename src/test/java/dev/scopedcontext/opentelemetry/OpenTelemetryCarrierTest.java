package dev.scopedcontext.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Way;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** OpenTelemetry's current context, on every way from one thread to another. */
@ExtendWith(CleanThread.class)
class OpenTelemetryCarrierTest {

    private static final ContextKey<String> NAME = ContextKey.named("name");

    private final Context here = Context.root().with(NAME, "here");
    private final Context there = Context.root().with(NAME, "there");
    private final List<@Nullable String> seen = new ArrayList<>();

    static List<Way> ways() {
        return Way.all();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void currentContextIsTakenAlong(Way way) {
        try (Scope scope = here.makeCurrent()) {
            ScopedContext.carrying(OpenTelemetryCarrier.current()).run(() -> way.run(this::look));
            way.run(this::look);
        }
        assertThat(seen).containsExactly("here", null);
    }

    @Test
    void whatTheThreadHadIsPutBack() {
        ContextSnapshot root = ScopedContext.carrying(OpenTelemetryCarrier.current()).call(ScopedContext::capture);
        ContextSnapshot captured;
        try (Scope scope = here.makeCurrent()) {
            captured = ScopedContext.carrying(OpenTelemetryCarrier.current()).call(ScopedContext::capture);
        }
        try (Scope scope = there.makeCurrent()) {
            captured.run(this::look);
            root.run(this::look);
            look();
        }
        look();
        assertThat(seen).containsExactly("here", null, "there", null);
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker")
    void whatTheThreadHadIsPutBackAlsoWhereTheTaskLeftAScopeOpen() {
        ContextSnapshot captured = ScopedContext.carrying(OpenTelemetryCarrier.current()).call(ScopedContext::capture);
        captured.run(() -> here.makeCurrent());
        look();
        try (Scope scope = there.makeCurrent()) {
            captured.run(() -> here.makeCurrent());
            look();
        }
        look();
        assertThat(seen).containsExactly(null, "there", null);
    }

    @Test
    void carrierTellsWhatItIs() {
        assertThat(OpenTelemetryCarrier.current()).hasToString("OpenTelemetryCarrier.current()")
                .isSameAs(OpenTelemetryCarrier.current());
    }

    private void look() {
        seen.add(Context.current().get(NAME));
    }
}
