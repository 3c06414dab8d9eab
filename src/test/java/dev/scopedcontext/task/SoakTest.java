package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One million subtasks in one process: in many scopes, and in one that never ends. The heap stays flat. */
@Tag("stress")
@OnEachEngine
class SoakTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");
    private static final int SUBTASKS = Integer.getInteger("soak.subtasks", 1_000_000);

    @Test
    void inManyScopesTheHeapStaysFlat() throws Exception {
        LongAdder ran = new LongAdder();
        ScopedContext.where(KEY, "value").call(() -> {
            long before = 0;
            for (int i = 0; i < SUBTASKS / 100; i++) {
                try (var scope = TaskScope.open(Joiner.<Integer>allSuccessfulOrThrow())) {
                    for (int j = 0; j < 100; j++) {
                        scope.fork(() -> count(ran));
                    }
                    assertThat(scope.join()).hasSize(100);
                }
                if (i == SUBTASKS / 1000) {
                    before = used();
                }
            }
            assertThat(used() - before).isLessThan(8 << 20);
            return null;
        });
        assertThat(ran.sum()).isEqualTo(SUBTASKS);
    }

    @Test
    void inOneScopeTheHeapStaysFlat() throws Exception {
        LongAdder ran = new LongAdder();
        long before = 0;
        try (var scope = TaskScope.<Integer>open()) {
            for (int i = 0; i < SUBTASKS; i++) {
                scope.fork(() -> count(ran));
                while (i - ran.sum() > 1000) {
                    Thread.onSpinWait();
                }
                if (i == SUBTASKS / 10) {
                    before = used();
                }
            }
            scope.join();
            assertThat(used() - before).isLessThan(8 << 20);
        }
        assertThat(ran.sum()).isEqualTo(SUBTASKS);
    }

    private static int count(LongAdder ran) {
        ran.increment();
        return 1;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
