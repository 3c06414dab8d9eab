/**
 * Makes the request, the user, the tenant or the deadline available to all code that runs for them, without passing
 * them as arguments.
 *
 * <p>Declare a key, bind a value for the duration of a call, and read it in any method below that call:
 * {@snippet :
 * static class Greetings {
 *     static final ContextKey<String> USER = ContextKey.named("user");
 *
 *     String serve(Request request) {
 *         return ScopedContext.where(USER, request.user()).call(this::page);
 *     }
 *
 *     String page() {
 *         return "Hello " + USER.get();
 *     }
 * }
 * }
 *
 * <p>Bindings are immutable and end with the call, whether it returns or throws. Another thread does not see them until
 * they are handed over to it.
 *
 * <p>On JDK 25 and newer, this library stores bindings in a {@code ScopedValue}. On JDK 17 to 24 it stores them in a
 * {@code ThreadLocal}. The API and its behaviour are the same on both.
 *
 * <p>The guide, {@code docs/guide/README.md} in the source, has a page for each task.
 *
 * <h2>Core packages</h2>
 * These packages need no other library.
 * <dl>
 * <dt>{@link dev.scopedcontext}</dt>
 * <dd>Declares keys, binds and reads values, and captures the current bindings for another thread.</dd>
 * <dt>{@link dev.scopedcontext.executor}</dt>
 * <dd>Provides executors, thread factories and futures that run each task with the bindings of the code that submits
 * it.</dd>
 * <dt>{@link dev.scopedcontext.task}</dt>
 * <dd>Splits work into subtasks that see the current bindings, finish before the code that forks them continues, and
 * can share a deadline.</dd>
 * <dt>{@link dev.scopedcontext.named}</dt>
 * <dd>Groups values and resources under names such as {@code app} and {@code request}, opens resources on first use, and
 * closes them in reverse order.</dd>
 * <dt>{@link dev.scopedcontext.proxy}</dt>
 * <dd>Creates objects that forward each call to the value that is bound at that time.</dd>
 * <dt>{@link dev.scopedcontext.local}</dt>
 * <dd>Holds values that code can set at any time during a request, and discards them when the request ends.</dd>
 * <dt>{@link dev.scopedcontext.baggage}</dt>
 * <dd>Writes bindings to the headers of an outgoing request, and binds them again in the service that receives it.</dd>
 * </dl>
 *
 * <h2>Integrations</h2>
 * Each of these packages needs one library or module that the application provides.
 * <dl>
 * <dt>{@link dev.scopedcontext.http}</dt>
 * <dd>Opens a scope around each exchange of the JDK's HTTP server.</dd>
 * <dt>{@link dev.scopedcontext.servlet}</dt>
 * <dd>Opens a scope around each request of a servlet container, including asynchronous requests.</dd>
 * <dt>{@link dev.scopedcontext.slf4j}</dt>
 * <dd>Shows bound values in log lines, through the MDC.</dd>
 * <dt>{@link dev.scopedcontext.micrometer}</dt>
 * <dd>Exchanges context with Micrometer's context propagation, and through it with Reactor.</dd>
 * <dt>{@link dev.scopedcontext.opentelemetry}</dt>
 * <dd>Hands over OpenTelemetry's current context together with the bindings.</dd>
 * <dt>{@link dev.scopedcontext.reactor}</dt>
 * <dd>Passes bindings through Reactor's own context, without Micrometer.</dd>
 * </dl>
 */
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
