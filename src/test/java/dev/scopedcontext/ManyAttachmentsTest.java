package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.support.LogLines;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** More attachments directly on top of each other than the stack keeps. */
@ExtendWith(CleanThread.class)
@SuppressWarnings("CheckReturnValue") // only the call matters
class ManyAttachmentsTest {

    private static final ContextKey<Object> KEY = ContextKey.named("key");
    private static final int MANY = 3 * DisplacedAttachments.MOST;

    @Test
    void forgottenOnesAreNotKept() {
        Attachment outer = ScopedContext.where(KEY, "outer").attach();
        try (LogLines log = LogLines.capture()) {
            List<WeakReference<Object>> values = forget(value -> ScopedContext.where(KEY, value).attach());
            awaitCollected(values.get(MANY / 2));
            assertThat(KEY.get()).isSameAs(values.get(MANY - 1).get());
            outer.close();
            assertThat(log.messages()).hasSize(1);
        }
        assertThat(KEY.isBound()).isFalse();
    }

    @Test
    void releasedAnchorsBetweenThemKeepNothing() {
        Attachment outer = ScopedContext.where(KEY, "outer").attach();
        try (LogLines log = LogLines.capture()) {
            List<WeakReference<Object>> values = forget(value -> {
                ScopeAnchor anchor = ScopedContext.anchor(failure -> value.notifyAll());
                ScopedContext.where(KEY, value).attach();
                anchor.release();
            });
            awaitCollected(values.get(MANY / 2));
            outer.close();
        }
        assertThat(KEY.isBound()).isFalse();
        assertThat(Current.scope()).isNull();
    }

    /** Attaches more values than the stack keeps, and drops all references to the attachments. */
    private static List<WeakReference<Object>> forget(Consumer<Object> attaching) {
        List<WeakReference<Object>> values = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Object value = new Object();
            values.add(new WeakReference<>(value));
            attaching.accept(value);
        }
        return values;
    }

    private static void awaitCollected(WeakReference<Object> reference) {
        for (int i = 0; i < 200 && reference.get() != null; i++) {
            System.gc();
        }
        assertThat(reference.get()).isNull();
    }

    @Test
    void allCanBeClosedInReverseOrder() {
        for (int round = 0; round < 2; round++) {
            Deque<Attachment> attachments = new ArrayDeque<>();
            for (int i = 0; i < MANY; i++) {
                attachments.push(ScopedContext.where(KEY, i).attach());
            }
            for (int i = MANY - 1; i >= 0; i--) {
                assertThat(KEY.get()).isEqualTo(i);
                attachments.pop().close();
            }
            assertThat(KEY.isBound()).isFalse();
        }
    }

    @Test
    void inAnyOrderTheValueBelowTheLowestClosedOneIsSeen() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (LogLines log = LogLines.capture()) {
            for (int round = 0; round < 20; round++) {
                check(random, "seed " + seed + ", round " + round);
            }
        }
    }

    private static void check(Random random, String description) {
        List<Attachment> open = new ArrayList<>();
        List<Attachment> dropped = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            for (int n = random.nextInt(200); n > 0; n--) {
                open.add(ScopedContext.where(KEY, open.size()).attach());
            }
            int lowest = open.size() - Math.min(open.size(), random.nextInt(4) == 0 ? random.nextInt(3000) : 1);
            if (lowest < open.size()) {
                open.get(lowest).close();
                dropped.addAll(open.subList(lowest, open.size()));
                open.subList(lowest, open.size()).clear();
            }
            if (!dropped.isEmpty()) {
                dropped.get(random.nextInt(dropped.size())).close();
            }
            Object expected = open.isEmpty() ? null : open.size() - 1;
            assertThat(KEY.orElse(null)).describedAs(description).isEqualTo(expected);
        }
        if (!open.isEmpty()) {
            open.get(0).close();
        }
        dropped.forEach(Attachment::close);
        assertThat(KEY.isBound()).describedAs(description).isFalse();
        assertThat(Current.scope()).describedAs(description).isNull();
    }
}
