package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Checks that a test leaves nothing bound on its thread, and nothing of the library in it. */
class CleanThread implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        assertThat(ScopedContext.capture().keys()).as("what is still bound").isEmpty();
        assertThat(Scope.current()).as("the scope that is still open").isNull();
        assertThat(ThreadCell.scope()).as("the scope that is still in the thread").isNull();
    }
}
