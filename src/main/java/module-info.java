/** Context values for Java, on {@code ScopedValue} where the JDK has it and on {@code ThreadLocal} where not. */
module dev.scopedcontext {
    requires static jakarta.servlet;
    requires static jdk.httpserver;
    requires static net.bytebuddy;
    requires static org.jspecify;
    requires static org.objenesis;

    exports dev.scopedcontext;
    exports dev.scopedcontext.http;
    exports dev.scopedcontext.local;
    exports dev.scopedcontext.named;
    exports dev.scopedcontext.proxy;
    exports dev.scopedcontext.servlet;
    exports dev.scopedcontext.task;
}
