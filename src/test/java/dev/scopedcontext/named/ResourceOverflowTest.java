package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A {@code StackOverflowError} while a resource is being opened. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResourceOverflowTest {

    private final NamedContext request = NamedContext.named("request");
    private final List<ResourceKey<String>> resources = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    /** How many are open; used by one thread. */
    private int open;

    @Test
    void whatCouldNotBeOpenedForWantOfStackCanBeOpenedAfterwards() throws Exception {
        for (int i = 0; i < 3; i++) {
            resources.add(request.resource("r" + i, String.class, () -> {
                open++;
                return "r";
            }, resource -> open--));
        }
        Thread thread = new Thread(null, this::overflowOften, "descent", 256 * 1024);
        thread.start();
        thread.join();
        assertThat(failures).isEmpty();
        assertThat(open).isZero();
    }

    private void overflowOften() {
        request.session().run(() -> resources.forEach(ResourceKey::get)); // links and loads what is run below
        for (int round = 0; round < 14; round++) {
            int shift = round;
            request.session().run(() -> resources.forEach(resource -> {
                level(resource, shift % 7, shift % 2 == 0);
                try {
                    resource.get();
                } catch (RuntimeException failure) {
                    failures.add(failure);
                }
            }));
        }
    }

    /** Uses a resource at the end of the stack, and above that, until there is enough of it. */
    private void level(ResourceKey<String> resource, int shift, boolean wide) {
        try {
            if (wide || shift > 0) {
                wideLevel(resource, Math.max(0, shift - 1), wide, 1, 2, 3);
            } else {
                level(resource, 0, false);
            }
        } catch (VirtualMachineError overflow) {
            try {
                resource.get();
            } catch (IllegalStateException stuck) {
                failures.add(stuck);
            }
        }
    }

    @SuppressWarnings("UnusedVariable") // They make the frame wider.
    private void wideLevel(ResourceKey<String> resource, int shift, boolean wide, long a, long b, long c) {
        level(resource, shift, wide);
    }
}
