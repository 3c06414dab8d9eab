package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.BackendReport;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.task.EngineReport;
import dev.scopedcontext.task.TaskScope;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of docs/guide/settings.md. */
class SettingsPageTest {

    @Test
    void theReportsNameBackendAndEngine() {
        // @start region="report"
        BackendReport backend = ScopedContext.backend();
        EngineReport engine = TaskScope.engine();
        System.out.println("Contexts: " + backend.kind() + ", since " + backend.reason());
        System.out.println("Task scopes: " + engine.kind() + ", since " + engine.reason());
        // @end
        assertThat(List.of(backend.reason(), engine.reason())).allMatch(reason -> reason.matches("(JDK|-D).+"));
    }
}
