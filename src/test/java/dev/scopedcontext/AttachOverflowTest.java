package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.support.ChildJvm;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Attaching and closing near the end of the stack, on threads without an outer run: no value may stay on the thread.
 */
class AttachOverflowTest {

    private static final ContextKey<Integer> KEY = ContextKey.named("key");
    private static final ContextKey<Integer> OUTER = ContextKey.named("outer");

    /** A key with a mirror, so that attaching and closing also call code that may overflow. */
    private static final ContextKey<Integer> MIRRORED = ContextKey.<Integer>builder("mirrored")
            .mirror(new KeyMirror<Integer>() {
                @Override
                public Runnable show(Integer value) {
                    return change(value);
                }

                @Override
                public Runnable hide() {
                    return change(null);
                }
            }).build();

    private static Runnable change(@Nullable Integer value) {
        if (!(Thread.currentThread() instanceof WithPlace thread)) {
            return () -> {
            };
        }
        Integer before = thread.place;
        Runnable undo = () -> thread.place = before;
        thread.place = value;
        return undo;
    }

    /** A thread with the state that the mirror changes. */
    private static final class WithPlace extends Thread {

        @Nullable
        Integer place;

        WithPlace(Runnable task, long stackSize) {
            super(null, task, "end of stack", stackSize);
        }
    }

    private static final NamedContext REQUEST = NamedContext.named("request");
    private static final ContextKey<Integer> ID = REQUEST.key("id", Integer.class);

    /** Linked here, since linking a lambda at the end of the stack would fail. */
    @SuppressWarnings("UnnecessaryLambda") // a method reference would be linked at its use
    private static final Runnable BODY = () -> depthReached = 0;

    /** The operation of a thread at the end of its stack. */
    private enum Program {
        ATTACH_AND_CLOSE, ATTACH_MIRRORED, ATTACH_SNAPSHOT, ATTACH_SESSION, ATTACH_TWO, ATTACH_WRAPPED,
        /** Enters by {@code run}, with a mirror. */
        RUN_MIRRORED, RUN_SNAPSHOT,
        /** Overflows in the body. */
        OVERFLOW_INSIDE, RECURSIVELY
    }

    @Test
    void nothingStays() throws Exception {
        check(1, 50);
    }

    @Test
    @Tag("stress")
    void nothingStaysInManyRounds() throws Exception {
        check(20, 200);
    }

    /** A JVM may interpret close() after it has compiled attach(). Then close() needs more stack. */
    @Test
    void nothingStaysWhereCloseIsInterpreted() throws Exception {
        String backend = ScopedContext.backend().kind() == BackendReport.Kind.THREAD_LOCAL
                ? "thread-local"
                : "scoped-value";
        assertThat(new ChildJvm().with("-Dscopedcontext.backend=" + backend, "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=exclude,dev.scopedcontext.LiveAttachment::close",
                "-XX:CompileCommand=exclude,dev.scopedcontext.TrackedAttachment::close",
                "-XX:CompileCommand=exclude,dev.scopedcontext.Scope::end",
                "-XX:CompileCommand=exclude,dev.scopedcontext.Scope::settle*",
                "-XX:CompileCommand=exclude,dev.scopedcontext.ExitAction$Undo::settle",
                "-XX:CompileCommand=exclude,dev.scopedcontext.AttachOverflowTest$Wrapper::close")
                .run(AttachOverflowTest.class)).contains("nothing stays");
    }

    /** The program to run with close() interpreted. */
    public static void main(String[] args) throws Exception {
        check(3, 20);
        System.out.println("nothing stays");
    }

    @Test
    void anotherThreadCannotCloseThereEither() throws Exception {
        for (int round = 0; round < 2; round++) {
            Attachment attachment = ScopedContext.where(KEY, 1).attach();
            Thread other = new Thread(null, () -> {
                for (int depth = 0; depth < 4_000; depth += 7) {
                    try {
                        closeAt(depth, attachment);
                    } catch (IllegalStateException | StackOverflowError refused) {
                        // Neither changes the attachment.
                    }
                }
            }, "end of stack", 200 * 1024);
            other.start();
            other.join();
            assertThat(KEY.get()).isEqualTo(1);
            attachment.close();
            assertThat(KEY.isBound()).isFalse();
            warmUp();
        }
    }

    private static void closeAt(int depth, Attachment attachment) {
        if (depth > 0) {
            closeAt(depth - 1, attachment);
        } else {
            attachment.close();
        }
    }

    private static void check(int rounds, int threads) throws Exception {
        Map<Program, Integer> left = new EnumMap<>(Program.class);
        for (int round = 0; round < rounds; round++) {
            for (int thread = 0; thread < threads; thread++) {
                Program program = Program.values()[thread % Program.values().length];
                if (leavesAValue(program, 200 * 1024 + 16L * (round * threads + thread) % 4096)) {
                    left.merge(program, 1, Integer::sum);
                }
            }
            warmUp();
        }
        assertThat(left).isEmpty();
    }

    private static boolean leavesAValue(Program program, long stackSize) throws InterruptedException {
        boolean[] left = {false};
        Thread thread = new WithPlace(() -> left[0] = searchTheEnd(program), stackSize);
        thread.start();
        thread.join();
        return left[0];
    }

    /** Runs the program at every depth around the first one at which it overflows. */
    private static boolean searchTheEnd(Program program) {
        int fits = 1;
        int overflows = 100_000;
        while (overflows - fits > 1) {
            int depth = (fits + overflows) >>> 1;
            if (run(program, depth)) {
                fits = depth;
            } else {
                overflows = depth;
            }
            if (isLeft()) {
                return true;
            }
        }
        for (int depth = fits + 20; depth > Math.max(0, fits - 60); depth--) {
            run(program, depth);
            if (isLeft()) {
                return true;
            }
        }
        return false;
    }

    /** Reading also runs the actions that an overflow has delayed. */
    private static boolean isLeft() {
        return KEY.isBound() || MIRRORED.isBound() || ID.isBound() || REQUEST.isActive()
                || ((WithPlace) Thread.currentThread()).place != null || Current.scope() != null;
    }

    private static boolean run(Program program, int depth) {
        try {
            descend(program, depth);
            return true;
        } catch (StackOverflowError overflow) {
            return false;
        }
    }

    private static void descend(Program program, int depth) {
        if (depth > 0) {
            descend(program, depth - 1);
            return;
        }
        switch (program) {
            case ATTACH_AND_CLOSE -> attachAndClose(ScopedContext.where(KEY, 1));
            case ATTACH_MIRRORED -> attachAndClose(ScopedContext.where(KEY, 1).where(MIRRORED, 2));
            case ATTACH_SNAPSHOT -> attachSnapshot();
            case ATTACH_SESSION -> attachSession();
            case ATTACH_TWO -> attachTwo();
            case ATTACH_WRAPPED -> attachWrapped();
            case RUN_MIRRORED -> ScopedContext.where(KEY, 1).where(MIRRORED, 2).run(BODY);
            case RUN_SNAPSHOT -> SNAPSHOT.run(BODY);
            case OVERFLOW_INSIDE -> overflowInside();
            default -> recursively(0);
        }
    }

    private static void attachAndClose(Bindings bindings) {
        try (Attachment attachment = bindings.attach()) {
            depthReached = 0;
        }
    }

    private static final ContextSnapshot SNAPSHOT = ScopedContext.where(KEY, 1).where(MIRRORED, 2)
            .call(ScopedContext::capture);

    private static void attachSnapshot() {
        try (Attachment attachment = SNAPSHOT.attach()) {
            depthReached = 0;
        }
    }

    private static void attachSession() {
        try (Attachment attachment = REQUEST.session().where(ID, 1).attach()) {
            depthReached = 0;
        }
    }

    private static void attachTwo() {
        try (Attachment outer = ScopedContext.where(KEY, 1).attach();
                Attachment inner = ScopedContext.where(MIRRORED, 2).attach()) {
            depthReached = 0;
        }
    }

    /** Closes an attachment in the same way as the scope of a tracing library. */
    private record Wrapper(AutoCloseable wrapped) implements AutoCloseable {

        @Override
        public void close() throws Exception {
            wrapped.close();
        }
    }

    private static void attachWrapped() {
        try (Wrapper outer = new Wrapper(new Wrapper(ScopedContext.where(KEY, 1).attach()))) {
            depthReached = 0;
        } catch (Exception unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private static void overflowInside() {
        try (Attachment attachment = ScopedContext.where(KEY, 1).attach()) {
            depthReached = overflow(0);
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int overflow(int depth) {
        return overflow(depth + 1) + 1;
    }

    @SuppressWarnings("InfiniteRecursion")
    private static void recursively(int depth) {
        try (Attachment attachment = ScopedContext.where(KEY, depth).attach()) {
            depthReached = depth;
            recursively(depth + 1);
        }
    }

    /** Prevents empty bodies. */
    static volatile int depthReached;

    /** Lets the compiler see both open and closed attachments. */
    private static void warmUp() {
        for (int i = 0; i < 20_000; i++) {
            attachAndClose(ScopedContext.where(KEY, i));
            attachSnapshot();
            attachSession();
            attachTwo();
            attachWrapped();
            SNAPSHOT.run(BODY);
            ScopedContext.where(KEY, i).where(MIRRORED, 2).run(BODY);
        }
    }

    /** The README says so under Limits. */
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
        Attachment outer = ScopedContext.where(OUTER, 2).attach();
        Attachment inner = nested ? ScopedContext.where(KEY, 1).attach() : outer;
        try {
            descend(depth, () -> closesWhereItOverflows(inner));
        } catch (StackOverflowError expected) {
            // Here there is enough stack again.
        }
        String left = "";
        try {
            inner.close();
            outer.close();
        } catch (IllegalStateException refused) {
            left += "cannot be closed, ";
        }
        left += KEY.isBound() || OUTER.isBound() ? "still bound, " : "";
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
