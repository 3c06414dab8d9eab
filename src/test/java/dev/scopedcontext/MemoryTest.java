package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Allocations, and behaviour when memory is exhausted. */
@ExtendWith(CleanThread.class)
class MemoryTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<String> LOCALE = ContextKey.withDefault("locale", "en");
    private static final ContextKey<String> ABSENT = ContextKey.named("absent");

    private static final int TIMES = 2_000;

    private static int sink;

    private static long allocatedBy(Runnable operation) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        operation.run();
        long before = threads.getThreadAllocatedBytes(id);
        for (int i = 0; i < TIMES; i++) {
            operation.run();
        }
        return (threads.getThreadAllocatedBytes(id) - before) / TIMES;
    }

    @Test // J18
    void unboundReadsAllocateNothing() {
        Runnable reads = () -> {
            sink += ABSENT.isBound() ? 1 : 0;
            sink += ABSENT.orElse("").length();
            sink += LOCALE.get().length();
        };
        assertThat(allocatedBy(reads)).isZero();
        ScopedContext.where(USER, "alice").run(() -> assertThat(allocatedBy(reads)).isZero());
    }

    @Test
    void boundReadsAllocateNothing() {
        ScopedContext.where(USER, "alice")
                .run(() -> assertThat(allocatedBy(() -> sink += USER.get().length())).isZero());
    }

    @Test
    void captureAllocatesNothing() {
        Runnable captures = () -> sink += ScopedContext.capture() == ContextSnapshot.empty() ? 1 : 0;
        assertThat(allocatedBy(captures)).isZero();
        ScopedContext.where(USER, "alice").run(() -> assertThat(allocatedBy(captures)).isZero());
    }

    @Test
    void framesDoNotGrowWhenKeysAreRebound() {
        List<ContextKey<Integer>> keys = IntStream.range(0, 64).mapToObj(i -> ContextKey.<Integer>named("k" + i))
                .toList();
        Frame[] frame = {Frame.EMPTY};
        Runnable rebindsAll = () -> keys.forEach(key -> frame[0] = frame[0].plus(ScopedContext.where(key, 7)));
        assertThat(allocatedBy(rebindsAll) / keys.size()).isBetween(64L, 64L * 8);
    }

    @Test // J18
    void readsAreRightAfterAnOutOfMemoryError() {
        ScopedContext.where(USER, "alice").run(() -> {
            assertThatThrownBy(() -> ScopedContext.where(USER, "bob").run(() -> {
                sink = new long[Integer.MAX_VALUE].length;
            })).isInstanceOf(OutOfMemoryError.class);
            assertThat(USER.get()).isEqualTo("alice");
        });
    }
}
