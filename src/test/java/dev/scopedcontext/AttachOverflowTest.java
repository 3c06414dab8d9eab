package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the README says under Limits: an attachment whose {@code close()} overflowed can be closed later. */
class AttachOverflowTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

    @Test
    void closingAgainWithEnoughStackLeavesNothingBehind() throws Exception {
        Map<String, Integer> left = new TreeMap<>();
        for (int i = 0; i < 400; i++) {
            int depth = i / 2;
            boolean nested = i % 2 == 1;
            Thread thread = new Thread(null, () -> left.merge(leftBy(depth, nested), 1, Integer::sum), "deep",
                    180 * 1024);
            thread.start();
            thread.join();
        }
        assertThat(left).containsOnlyKeys("");
    }

    private static String leftBy(int depth, boolean nested) {
        Attachment outer = ScopedContext.where(TENANT, "acme").attach();
        Attachment inner = nested ? ScopedContext.where(USER, "alice").attach() : outer;
        try {
            descend(depth, () -> closesWhereItOverflows(inner));
        } catch (StackOverflowError expected) {
            // There is stack again here.
        }
        String left = "";
        try {
            inner.close();
            outer.close();
        } catch (IllegalStateException refused) {
            left += "cannot be closed, ";
        }
        left += USER.isBound() || TENANT.isBound() ? "still bound, " : "";
        left += Current.scope() != null ? "scope in the thread" : "";
        return left;
    }

    private static void descend(int depth, Runnable then) {
        if (depth == 0) {
            then.run();
        } else {
            descend(depth - 1, then);
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static void closesWhereItOverflows(Attachment attachment) {
        try {
            closesWhereItOverflows(attachment);
        } catch (StackOverflowError overflow) {
            attachment.close();
            throw overflow;
        }
    }
}
