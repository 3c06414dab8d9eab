package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The handler of a result that keeps its scope open, called by code that is not that result. */
@ExtendWith(CleanThread.class)
class BodyTest {

    /** A result. */
    public interface Page extends AutoCloseable {

        /** Returns its text. */
        String text();

        @Override
        void close();
    }

    static final class SecretPage implements Page {

        @Override
        public String text() {
            return "text";
        }

        String secret() {
            return "secret";
        }

        @Override
        public void close() {
        }
    }

    @Test
    void methodsThatAreNotThoseOfTheTypeAreRefused() throws Throwable {
        try (Page page = LocalManager.of(Local.named("web")).wrapBody(Page.class, SecretPage::new).call()) {
            InvocationHandler handler = Proxy.getInvocationHandler(page);
            assertThat(handler.invoke(page, Page.class.getMethod("text"), null)).isEqualTo("text");
            Method foreign = SecretPage.class.getDeclaredMethod("secret");
            assertThatThrownBy(() -> handler.invoke(page, foreign, null))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(foreign + " is not a method of " + Page.class.getName());
        }
    }
}
