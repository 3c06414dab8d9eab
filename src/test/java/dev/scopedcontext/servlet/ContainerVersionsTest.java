package dev.scopedcontext.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.servlet.ServletServer.Kind;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tests run in the containers that they are meant to run in. */
class ContainerVersionsTest {

    private static final boolean SERVLET_60 = Boolean.getBoolean("expect.servlet60");

    @ParameterizedTest
    @EnumSource
    void eachContainerIsTheExpectedOne(Kind kind) throws Exception {
        CompletableFuture<String> name = new CompletableFuture<>();
        kind.deploy(Thread::new, (context, server) -> name.complete(context.getServerInfo())).close();
        assertThat(name.join()).startsWith(switch (kind) {
            case TOMCAT -> SERVLET_60 ? "Apache Tomcat/10.1." : "Apache Tomcat/11.0.";
            case JETTY -> SERVLET_60 ? "jetty/12.0." : "jetty/12.1.";
            case UNDERTOW -> "Undertow - 2.3.";
        });
    }
}
