package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Checks that a test leaves nothing bound on its thread, and nothing of the library in it. */
public class CleanThread implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) throws ReflectiveOperationException {
        assertThat(ScopedContext.capture().keys()).as("what is still bound").isEmpty();
        assertThat(Scope.current()).as("the scope that is still open").isNull();
        assertThat(cell()).as("the cell that is still in the thread").isNull();
    }

    /** Returns what the thread holds for the library: after the outermost exit not even an empty cell (J19). */
    static Object cell() throws ReflectiveOperationException {
        Field cell = ThreadCell.class.getDeclaredField("CELL");
        cell.setAccessible(true);
        return ((ThreadLocal<?>) cell.get(null)).get();
    }
}
