package dev.scopedcontext.spring.users;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Looks at the threads of the server before and after each dispatch, outside of all filters. */
@Configuration(proxyBeanMethods = false)
class ServerThreads {

    @Bean
    ThreadProbe probe() {
        return new ThreadProbe();
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> probingTomcat(ThreadProbe probe) {
        return factory -> factory.addEngineValves(new ProbingValve(probe));
    }

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> probingJetty(ThreadProbe probe) {
        return factory -> factory.addServerCustomizers(server -> server.insertHandler(new ProbingHandler(probe)));
    }

    private static final class ProbingValve extends ValveBase {

        private final ThreadProbe probe;

        ProbingValve(ThreadProbe probe) {
            super(true);
            this.probe = probe;
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            probe.look();
            try {
                getNext().invoke(request, response);
            } finally {
                probe.look();
            }
        }
    }

    private static final class ProbingHandler extends Handler.Wrapper {

        private final ThreadProbe probe;

        ProbingHandler(ThreadProbe probe) {
            this.probe = probe;
        }

        @Override
        public boolean handle(org.eclipse.jetty.server.Request request, org.eclipse.jetty.server.Response response,
                Callback callback) throws Exception {
            probe.look();
            try {
                return super.handle(request, response, callback);
            } finally {
                probe.look();
            }
        }
    }
}
