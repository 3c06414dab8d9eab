package dev.scopedcontext.meeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys with a hand-off, on every way from one thread to another. */
@ExtendWith(CleanThread.class)
class ExecutorsWithHandOffsTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final List<Object> log = new CopyOnWriteArrayList<>();
    private final IllegalStateException body = new IllegalStateException("body");
    private final IllegalStateException open = new IllegalStateException("open");
    private final IllegalStateException close = new IllegalStateException("close");

    private final ContextKey<String> logging = ContextKey.<String>builder("logging")
            .handOff(HandOff.perTask(this::opened, closed -> log.add("close " + closed))).build();
    private final ContextKey<String> failsToOpen = ContextKey.<String>builder("fails to open")
            .handOff(HandOff.perTask(captured -> {
                throw open;
            }, closed -> log.add("never"))).build();
    private final ContextKey<String> failsToClose = ContextKey.<String>builder("fails to close")
            .handOff(HandOff.perTask(captured -> captured, closed -> {
                throw close;
            })).build();

    static List<Way> ways() {
        return Way.all();
    }

    static List<Way> strictWays() {
        return Way.strict();
    }

    static List<Way> lenientWays() {
        return Way.lenient();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void droppedKeyIsNotBoundThere(Way way) {
        ContextKey<String> dropped = ContextKey.<String>builder("dropped").handOff(HandOff.drop()).build();
        ScopedContext.where(USER, "alice").where(dropped, "secret").run(() -> {
            way.run(() -> log.add(USER.get() + " " + dropped.isBound()));
            log.add(dropped.get());
        });
        assertThat(log).containsExactly("alice false", "secret");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void copiedValueIsTheTasksOwn(Way way) {
        ContextKey<List<String>> copied = ContextKey.<List<String>>builder("copied")
                .handOff(HandOff.copy(ArrayList::new)).build();
        ScopedContext.where(copied, new ArrayList<>(List.of("there"))).run(() -> {
            way.run(() -> {
                copied.get().add("by the task");
                log.addAll(copied.get());
            });
            assertThat(copied.get()).containsExactly("there");
        });
        assertThat(log).containsExactly("there", "by the task");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void valuePerTaskIsOpenedBeforeItAndClosedAfterItOnce(Way way) {
        ScopedContext.where(logging, "one").run(() -> way.run(() -> {
            ScopedContext.onExit(failure -> log.add("hook " + logging.get()));
            log.add("body " + logging.get());
        }));
        assertThat(log).containsExactly("open one", "body one of the task", "hook one of the task",
                "close one of the task");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void valuePerTaskIsClosedAfterAFailure(Way way) {
        ScopedContext.where(logging, "one").run(() -> assertThatThrownBy(() -> way.run(this::fail)).isSameAs(body));
        assertThat(log).containsExactly("open one", "close one of the task");
    }

    @ParameterizedTest
    @MethodSource("strictWays")
    void failureToOpenIsThrownTheBodyDoesNotRunAndWhatWasOpenedIsClosed(Way way) {
        Bindings inOneOrder = ScopedContext.where(logging, "one").where(failsToOpen, "two");
        inOneOrder.run(() -> assertThatThrownBy(() -> way.run(() -> log.add("never"))).isSameAs(open));
        Bindings inOtherOrder = ScopedContext.where(failsToOpen, "two").where(logging, "one");
        inOtherOrder.run(() -> assertThatThrownBy(() -> way.run(() -> log.add("never"))).isSameAs(open));
        assertThat(log).containsExactly("open one", "close one of the task");
    }

    @ParameterizedTest
    @MethodSource("lenientWays")
    void failureToOpenIsThrownWhereTheKeyIsReadIfNobodyWouldBeToldOtherwise(Way way) {
        Bindings inOneOrder = ScopedContext.where(USER, "alice").where(logging, "one").where(failsToOpen, "two");
        inOneOrder.run(() -> way.run(this::readAll));
        Bindings inOtherOrder = ScopedContext.where(failsToOpen, "two").where(logging, "one").where(USER, "alice");
        inOtherOrder.run(() -> way.run(this::readAll));
        List<Object> once = List.of("open one", "alice", "one of the task", "close one of the task");
        assertThat(log).hasSize(8).startsWith(once.toArray()).endsWith(once.toArray());
    }

    private void readAll() {
        log.add(USER.get());
        log.add(logging.get());
        assertThatThrownBy(failsToOpen::get).isSameAs(open);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void failureToCloseIsThrownAfterAllElseIsClosed(Way way) {
        Bindings around = ScopedContext.where(logging, "a").where(failsToClose, "b");
        around.run(() -> assertThatThrownBy(() -> way.run(() -> log.add("body"))).isSameAs(close));
        assertThat(log).containsExactly("open a", "body", "close a of the task");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void failureToCloseIsSuppressedIntoTheBodys(Way way) {
        ScopedContext.where(failsToClose, "one")
                .run(() -> assertThatThrownBy(() -> way.run(this::fail)).isSameAs(body).satisfies(
                        thrown -> assertThat(thrown.getSuppressed()).containsExactly(close)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void failureToCaptureIsThrownToTheCallerAndNothingIsHandedOver(Way way) {
        IllegalStateException capture = new IllegalStateException("capture");
        ContextKey<String> failsToCapture = ContextKey.<String>builder("fails to capture")
                .handOff(HandOff.copy(value -> {
                    throw capture;
                })).build();
        ScopedContext.where(failsToCapture, "one").run(() -> {
            assertThatThrownBy(() -> way.run(() -> log.add("never"))).isSameAs(capture);
            assertThat(failsToCapture.get()).isEqualTo("one");
        });
        assertThat(log).isEmpty();
    }

    private String opened(String captured) {
        log.add("open " + captured);
        return captured + " of the task";
    }

    private void fail() {
        throw body;
    }
}
