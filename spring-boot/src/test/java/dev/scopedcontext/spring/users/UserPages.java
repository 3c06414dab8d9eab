package dev.scopedcontext.spring.users;

import static dev.scopedcontext.spring.users.UserContexts.ID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.scopedcontext.task.TaskScope;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The pages of the application. Each answers with what its layers see. */
@RestController
class UserPages implements ErrorController {

    /** Milliseconds. Jetty loses a timeout if its thread pauses for longer than that while it starts it. */
    private static final int TIMEOUT = 1000;

    private final Sights sights;
    private final UserService service;
    private final Executor reports;
    private final AsyncTaskExecutor late;
    private final Scheduler delays;
    private final Records records;

    /** Results of clients that do not wait for them, by the id of the request. */
    private final Map<String, DeferredResult<String>> unanswered = new ConcurrentHashMap<>();

    UserPages(Sights sights, UserService service, @Qualifier("reports") Executor reports,
            @Qualifier("late") AsyncTaskExecutor late, Scheduler delays, Records records) {
        this.sights = sights;
        this.service = service;
        this.reports = reports;
        this.late = late;
        this.delays = delays;
        this.records = records;
    }

    /** Handled exceptions are turned into a response here. */
    static final class HandledException extends RuntimeException {

        private static final long serialVersionUID = 1;

        HandledException(UserException cause) {
            super(cause);
        }
    }

    private static HandledException handled() {
        return new HandledException(new UserException("handled for " + ID.get()));
    }

    private static UserException unhandled() {
        return new UserException("unhandled for " + ID.get());
    }

    private Mono<String> delayed(String layer) {
        return Mono.delay(Duration.ofMillis(5), delays).map(tick -> sights.of(layer));
    }

    @GetMapping("/plain")
    String plain() {
        return sights.of("controller");
    }

    @GetMapping("/layers")
    String layers() throws Exception {
        String async;
        String report;
        String[] subtasks = new String[2];
        try (var scope = TaskScope.open()) {
            var first = scope.fork(() -> service.checked("subtask"));
            var second = scope.fork(() -> sights.of("subtask") + "\n"
                    + service.async("async of subtask").get(30, SECONDS));
            async = service.async("async").get(30, SECONDS);
            report = service.report("report").get(30, SECONDS);
            scope.join();
            subtasks[0] = first.get();
            subtasks[1] = second.get();
        }
        return String.join("\n", sights.of("controller"), async, report, subtasks[0], subtasks[1],
                delayed("reactor").block(Duration.ofSeconds(30)), sights.of("controller"));
    }

    @GetMapping("/callable")
    Callable<String> callable() {
        String controller = sights.of("controller");
        return () -> controller + "\n" + sights.of("callable");
    }

    @GetMapping("/async")
    CompletableFuture<String> async() {
        return service.async("async");
    }

    @GetMapping("/mono")
    Mono<String> mono() {
        String controller = sights.of("controller");
        return delayed("reactor").map(reactor -> controller + "\n" + reactor + "\n" + sights.of("operator"));
    }

    @GetMapping("/stream")
    StreamingResponseBody stream() {
        return out -> out.write(sights.of("stream").getBytes(UTF_8));
    }

    @GetMapping("/deferred")
    DeferredResult<String> deferred() {
        DeferredResult<String> result = new DeferredResult<>();
        reports.execute(() -> result.setResult(sights.of("report")));
        return result;
    }

    @GetMapping("/late-result")
    DeferredResult<String> lateResult() {
        DeferredResult<String> result = new DeferredResult<>((long) TIMEOUT);
        result.onTimeout(() -> result.setResult(sights.of("timeout")));
        return result;
    }

    /**
     * The task returns after the request, because Spring interrupts it before it asks for another result. It has a
     * thread of its own: if such tasks used all threads that the pages wait for, no thread of the server would be left
     * to end their requests.
     */
    @GetMapping("/late-task")
    WebAsyncTask<String> lateTask() {
        CompletableFuture<String> ended = new CompletableFuture<>();
        WebAsyncTask<String> task = new WebAsyncTask<>((long) TIMEOUT, late, ended::join);
        task.onTimeout(() -> sights.of("timeout"));
        task.onCompletion(() -> ended.complete("too late"));
        return task;
    }

    @GetMapping("/too-late")
    DeferredResult<String> tooLate() {
        return new DeferredResult<>((long) TIMEOUT);
    }

    @GetMapping("/handled")
    String handledHere() {
        throw handled();
    }

    @GetMapping("/handled-later")
    Callable<String> handledLater() {
        return () -> {
            throw handled();
        };
    }

    @GetMapping("/unhandled")
    String unhandledHere() {
        throw unhandled();
    }

    @GetMapping("/unhandled-later")
    CompletableFuture<String> unhandledLater() {
        return service.failing("unhandled for " + ID.get());
    }

    @GetMapping("/forbidden")
    String forbidden() {
        return service.admin();
    }

    @GetMapping("/endless")
    StreamingResponseBody endless() {
        return out -> {
            records.arrived(ID.get());
            byte[] block = new byte[8192];
            while (true) {
                out.write(block);
                out.flush();
            }
        };
    }

    @GetMapping("/unanswered")
    DeferredResult<String> unanswered() {
        DeferredResult<String> result = new DeferredResult<>();
        unanswered.put(ID.get(), result);
        records.arrived(ID.get());
        return result;
    }

    /** Sets the result of a request whose client has gone. */
    void answer(String id) {
        Objects.requireNonNull(unanswered.remove(id)).setResult("late");
    }

    @PostMapping("/upload")
    String upload(HttpServletRequest request) throws IOException {
        records.arrived(ID.get());
        byte[] body = request.getInputStream().readAllBytes();
        return sights.of("controller") + body.length;
    }

    @ExceptionHandler(HandledException.class)
    ResponseEntity<String> handle() {
        return ResponseEntity.status(418).body(sights.of("handler"));
    }

    @RequestMapping("/error")
    ResponseEntity<String> error(HttpServletRequest request) {
        int status = (Integer) Objects.requireNonNull(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
        return ResponseEntity.status(status).body(sights.of("error page"));
    }
}
