package dev.scopedcontext.spring.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.micrometer.ScopedContextAccessor;
import dev.scopedcontext.spring.support.ServletKind;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The application without parts of the starter, or with them in the wrong place: layers do not see the user. */
class MissingPartsTest {

    private static final int REQUESTS = 50;

    private final List<ThreadLocalAccessor<?>> ofOtherApplications = ContextRegistry.getInstance()
            .getThreadLocalAccessors().stream().filter(each -> each.key().equals(ScopedContextAccessor.KEY)).toList();

    @BeforeEach
    void removeTheAccessorOfOtherApplications() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(ScopedContextAccessor.KEY);
    }

    @AfterEach
    void registerTheAccessorOfOtherApplications() {
        ofOtherApplications.forEach(ContextRegistry.getInstance()::registerThreadLocalAccessor);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            // the filter is inside of a filter that reads
            "scopedcontext.servlet.order=-2147483628 | outer=id=none request-bean=none, inner=REQUEST: id=user",
            // the user is asked for before Spring Security knows it
            "users.split=false | key=none security=user",
            "scopedcontext.task.enabled=false | async: id=none request-bean=none key=none",
            // Spring Security has an accessor of its own
            "scopedcontext.micrometer.enabled=false | reactor: id=none request-bean=none key=none security=user"})
    void eachAnswerIsWrong(String property, String seen) throws Exception {
        try (RunningUsers application = RunningUsers.start(ServletKind.TOMCAT, property)) {
            List<UserRequest> requests = IntStream.range(0, REQUESTS).mapToObj(number -> {
                String user = "user" + number;
                return new UserRequest(Work.LAYERS, user, user);
            }).toList();

            List<String> wrong = application.traffic().send(requests);

            assertThat(wrong).hasSize(REQUESTS).allSatisfy(answer -> assertThat(answer).contains(seen));
        }
    }
}
