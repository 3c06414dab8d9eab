package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.support.OnThread;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test on a thread that has bound nothing before, as a new thread of a server has not, and checks that the
 * test leaves nothing bound there, and nothing of the library in it.
 */
public class CleanThread implements AfterEachCallback, InvocationInterceptor {

    @Override
    public void interceptTestMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
        OnThread.proceed(Thread::new, invocation, CleanThread::ensureClean);
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
        OnThread.proceed(Thread::new, invocation, CleanThread::ensureClean);
    }

    @Override
    public void afterEach(ExtensionContext context) throws ReflectiveOperationException {
        ensureClean();
    }

    private static void ensureClean() throws ReflectiveOperationException {
        assertThat(ScopedContext.capture().keys()).as("what is still bound").isEmpty();
        assertThat(Current.scope()).as("the scope that is still open").isNull();
        assertThat(cell()).as("the cell that is still in the thread").isNull();
    }

    /** Tells whether the calling thread has no scope and holds nothing for the library. */
    public static boolean isClean() {
        try {
            return Current.scope() == null && cell() == null;
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("There is one", failure);
        }
    }

    /** Returns what the thread holds for the library: after the outermost exit not even an empty cell (J19). */
    static Object cell() throws ReflectiveOperationException {
        Field cell = ThreadSlot.class.getDeclaredField("CELL");
        cell.setAccessible(true);
        return ((ThreadLocal<?>) cell.get(null)).get();
    }
}
