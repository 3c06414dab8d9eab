package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.support.PackagedJar;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Error Prone refuses code that drops the result of a method which has no other effect, or leaves something open. */
@Tag("once")
class DroppedResultTest {

    private static final List<String> DROPPED = List.of("ScopedContext.where(KEY, value)", "ScopedContext.without(KEY)",
            "ScopedContext.carrying(carrier)", "ScopedContext.capture()", "bindings.where(KEY, value)",
            "bindings.without(KEY)", "bindings.carrying(carrier)", "bindings.attach()", "bindings.open()",
            "snapshot.attach()", "snapshot.wrap(task)", "snapshot.wrap(call)", "snapshot.wrapSupplier(supplier)",
            "snapshot.wrapFunction(function)", "snapshot.wrapBiFunction(both)", "snapshot.wrapConsumer(consumer)",
            "snapshot.wrapBiConsumer(pairs)", "snapshot.wrapPredicate(predicate)", "opener.open()",
            "opener.enclosing(() -> opener)", "scope.hold()", "OpenScope.sharing(scope)", "context.session()",
            "context.overlay()", "session.where(KEY, value)", "session.with(RESOURCE, value)",
            "session.with(Map.of())", "session.attach()", "session.open()", "manager.managed(task)",
            "manager.managed(call)", "manager.managedFunction(function)", "manager.open()",
            "ContextExecutors.propagating(executor)", "ContextExecutors.propagatingFactory(factory)",
            "ContextExecutors.propagatingStage(stage)", "ContextExecutors.fixed(executor, snapshot)",
            "ContextExecutors.unwrap(task)", "ExchangeFilter.hold()", "exchanges.wrap(handler)",
            "exchanges.thenEntering(exchange -> opener)", "requests.thenEntering(request -> opener)",
            "requests.openingFor()");

    private static final String SOURCE = """
            import dev.scopedcontext.*;
            import dev.scopedcontext.executor.*;
            import dev.scopedcontext.http.*;
            import dev.scopedcontext.local.*;
            import dev.scopedcontext.named.*;
            import dev.scopedcontext.servlet.*;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.function.*;

            class Dropped {
                static final ContextKey<String> KEY = ContextKey.named("key");

                void drop(String value, Bindings bindings, ContextSnapshot snapshot, ScopeOpener opener,
                        OpenScope scope, NamedContext context, Session session, LocalManager manager,
                        ThreadStateCarrier carrier, Runnable task, Callable<String> call,
                        Supplier<String> supplier, Function<String, String> function, BiFunction<String,
                        String, String> both, Consumer<String> consumer, BiConsumer<String, String>
                        pairs, Predicate<String> predicate, Executor executor, ThreadFactory factory,
                        CompletionStage<String> stage, ResourceKey<String> RESOURCE, ExchangeFilter
                        exchanges, RequestFilter requests, com.sun.net.httpserver.HttpHandler handler) {
            %s
                }
            }
            """;

    @TempDir
    private Path temp;

    @Test
    void eachIsRefused() throws Exception {
        String statements = String.join("\n", DROPPED.stream().map(dropped -> "        " + dropped + ";").toList());
        Path source = Files.writeString(temp.resolve("Dropped.java"), SOURCE.replace("%s", statements));
        String told = compile(source);
        List<String> refused = Pattern.compile("\\[CheckReturnValue].*\\R +(.*);").matcher(told).results()
                .map(found -> found.group(1)).toList();
        assertThat(refused).as(told).containsExactlyElementsOf(DROPPED);
    }

    private String compile(Path source) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
        for (String name : List.of("api", "file", "main", "model", "parser", "processing", "tree", "util")) {
            command.add("-J--add-exports=jdk.compiler/com.sun.tools.javac." + name + "=ALL-UNNAMED");
        }
        for (String name : List.of("code", "comp")) {
            command.add("-J--add-opens=jdk.compiler/com.sun.tools.javac." + name + "=ALL-UNNAMED");
        }
        String libraries = System.getProperty("java.class.path");
        command.addAll(List.of("-Xplugin:ErrorProne -XepDisableAllChecks -Xep:CheckReturnValue:ERROR", "-processorpath",
                libraries, "-cp", PackagedJar.path() + File.pathSeparator + libraries, "-proc:none",
                "-XDcompilePolicy=simple", "--should-stop=ifError=FLOW", "-XDaddTypeAnnotationsToSymbol=true",
                "-Xmaxerrs", "1000", "-d", temp.toString(), source.toString()));
        Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
        String told = new String(javac.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(javac.waitFor()).as(told).isEqualTo(1);
        return told;
    }
}
