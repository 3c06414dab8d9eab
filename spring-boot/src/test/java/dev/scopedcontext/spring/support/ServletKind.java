package dev.scopedcontext.spring.support;

import java.util.Arrays;
import java.util.stream.Stream;

/** The servers and threads that servlet applications are tested with. */
public enum ServletKind {

    TOMCAT("jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration", false), TOMCAT_VIRTUAL(
            "jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration",
            true), JETTY("tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration",
                    false), JETTY_VIRTUAL("tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration", true);

    /** The auto-configuration of the other server. */
    public final String excluded;

    public final boolean virtual;

    ServletKind(String excluded, boolean virtual) {
        this.excluded = "org.springframework.boot." + excluded;
        this.virtual = virtual;
    }

    public boolean isTomcat() {
        return this == TOMCAT || this == TOMCAT_VIRTUAL;
    }

    /** Returns the kinds that work on this JDK. */
    public static Stream<ServletKind> all() {
        return Arrays.stream(values()).filter(kind -> !kind.virtual || Runtime.version().feature() >= 21);
    }

    /** Returns the kinds with platform threads. */
    public static Stream<ServletKind> platform() {
        return Stream.of(TOMCAT, JETTY);
    }
}
