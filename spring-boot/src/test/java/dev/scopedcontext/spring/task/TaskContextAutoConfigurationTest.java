package dev.scopedcontext.spring.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.task.TaskDecorator;

/** The beans that the room adds to an application. */
class TaskContextAutoConfigurationTest {

    @Test
    void onlyAWebApplicationDecoratesTheExecutorOfMvc() {
        new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(TaskContextAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MvcTasks.class));
        new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(TaskContextAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(MvcTasks.class));
    }

    @Test
    void webApplicationStartsWithoutMvcAndMicrometer() {
        new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(TaskContextAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.web.servlet", "io.micrometer", "reactor"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MvcTasks.class));
    }

    @Test
    void nothingIsAddedIfSwitchedOff() {
        new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(TaskContextAutoConfiguration.class))
                .withPropertyValues("scopedcontext.task.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ExecutorBeans.class)
                        .doesNotHaveBean(TaskDecorator.class).doesNotHaveBean(DeclaredTasks.class));
    }
}
