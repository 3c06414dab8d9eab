/** Context values for Java, on {@code ScopedValue} where the JDK has it and on {@code ThreadLocal} where not. */
module dev.scopedcontext {
    requires static context.propagation;
    requires static io.opentelemetry.context;
    requires static jakarta.servlet;
    requires static jdk.httpserver;
    requires static net.bytebuddy;
    requires static org.jspecify;
    requires static org.objenesis;
    requires static org.reactivestreams;
    requires static org.slf4j;
    requires static reactor.core;

    exports dev.scopedcontext;
    exports dev.scopedcontext.baggage;
    exports dev.scopedcontext.executor;
    exports dev.scopedcontext.http;
    exports dev.scopedcontext.local;
    exports dev.scopedcontext.micrometer;
    exports dev.scopedcontext.named;
    exports dev.scopedcontext.opentelemetry;
    exports dev.scopedcontext.proxy;
    exports dev.scopedcontext.reactor;
    exports dev.scopedcontext.servlet;
    exports dev.scopedcontext.slf4j;
    exports dev.scopedcontext.task;
}
