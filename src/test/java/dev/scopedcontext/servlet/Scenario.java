package dev.scopedcontext.servlet;

import static dev.scopedcontext.servlet.ScenarioSteps.failure;
import static dev.scopedcontext.servlet.ScenarioSteps.isFirst;
import static dev.scopedcontext.servlet.ScenarioSteps.print;
import static dev.scopedcontext.servlet.ScenarioSteps.round;
import static dev.scopedcontext.servlet.ScenarioSteps.start;
import static dev.scopedcontext.servlet.ScenarioSteps.timeOut;
import static dev.scopedcontext.servlet.ScenarioSteps.writeUntilItFails;
import static dev.scopedcontext.servlet.Told.Answer.NOTHING;

import dev.scopedcontext.servlet.ScenarioSteps.CreatedListener;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/** Requests that are served in the same way with the filter and without it. */
enum Scenario {

    RETURNS((told, request, response) -> print(request, response)), //
    THROWS((told, request, response) -> {
        throw new ServletException("not here");
    }), //
    SENDS_AN_ERROR((told, request, response) -> ((HttpServletResponse) response).sendError(503)), //
    FORWARDS((told, request, response) -> {
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
            request.getRequestDispatcher("/other?x=1").forward(request, response);
        } else {
            print(request, response);
        }
    }), //
    INCLUDES((told, request, response) -> {
        print(request, response);
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
            request.getRequestDispatcher("/other?x=1").include(request, response);
        }
    }), //
    COMPLETES_AT_ONCE(1, (told, request, response) -> {
        AsyncContext async = start(told, request, "first");
        print(request, response);
        async.complete();
    }), //
    COMPLETES_ELSEWHERE(1, (told, request, response) -> {
        AsyncContext async = start(told, request, "first");
        told.elsewhere(() -> {
            response.getWriter().print("elsewhere");
            async.complete();
        });
    }), //
    COMPLETES_IN_A_STARTED_TASK(1, (told, request, response) -> {
        AsyncContext async = start(told, request, "first");
        async.start(async::complete);
    }), //
    DISPATCHES(1, (told, request, response) -> {
        if (isFirst(request)) {
            start(told, request, "first").dispatch();
        } else {
            print(request, response);
        }
    }), //
    DISPATCHES_TO_A_PATH_ELSEWHERE(1, (told, request, response) -> {
        if (isFirst(request)) {
            AsyncContext async = start(told, request, "first");
            told.elsewhere(() -> async.dispatch("/other?x=1"));
        } else {
            print(request, response);
        }
    }), //
    DISPATCHES_TO_AN_APPLICATION(1, (told, request, response) -> {
        if (isFirst(request)) {
            start(told, request, "first").dispatch(request.getServletContext(), "/other");
        } else {
            print(request, response);
        }
    }), //
    THE_DISPATCH_THROWS(1, (told, request, response) -> {
        if (!isFirst(request)) {
            throw new ServletException("not here");
        }
        start(told, request, "first").dispatch();
    }), //
    THROWS_AFTER_THE_START(1, (told, request, response) -> {
        start(told, request, "first");
        throw new ServletException("not here");
    }), //
    AN_ERROR_IS_COMPLETED(1, (told, request, response) -> {
        request.startAsync().addListener(told.listener("first", event -> event.getAsyncContext().complete()));
        throw new ServletException("not here");
    }), //
    AN_ERROR_IS_DISPATCHED(1, (told, request, response) -> {
        if (isFirst(request)) {
            request.startAsync().addListener(told.listener("first", event -> event.getAsyncContext().dispatch()));
            throw new ServletException("not here");
        }
        print(request, response);
    }), //
    STARTS_TWICE(1, (told, request, response) -> {
        AsyncContext async = start(told, request, "first");
        told.add(failure(request::startAsync));
        async.addListener(told.listener("second"));
        async.complete();
    }), //
    DISPATCHES_TWICE(1, (told, request, response) -> {
        if (isFirst(request)) {
            AsyncContext async = start(told, request, "first");
            async.dispatch();
            told.add(failure(async::dispatch));
        } else {
            print(request, response);
        }
    }), //
    THE_APPLICATION_ADDS_A_CLASS(1, (told, request, response) -> {
        AsyncContext async = start(told, request, "first");
        told.add(async.createListener(CreatedListener.class).getClass().getSimpleName());
        request.getAsyncContext().complete();
    }), //
    A_TIME_OUT_IS_COMPLETED(1, (told, request, response) -> timeOut(told, request, "first", event -> {
        print(request, response);
        event.getAsyncContext().complete();
    })), //
    A_TIME_OUT_IS_DISPATCHED(1, (told, request, response) -> {
        if (isFirst(request)) {
            timeOut(told, request, "first", event -> event.getAsyncContext().dispatch());
        } else {
            print(request, response);
        }
    }), //
    A_TIME_OUT_IS_NOT_ANSWERED(1, (told, request, response) -> timeOut(told, request, "first", NOTHING)), //
    A_LISTENER_THROWS(1, (told, request, response) -> timeOut(told, request, "first", event -> {
        throw new IOException("not here");
    })), //
    HAS_THREE_ROUNDS(1, (told, request, response) -> {
        int round = round(request);
        if (round < 4) {
            start(told, request, "round " + round).dispatch();
        } else {
            print(request, response);
        }
    }), //
    A_LISTENER_STAYS(1, (told, request, response) -> {
        int round = round(request);
        if (round == 1) {
            AsyncContext async = request.startAsync();
            async.addListener(told.listener("first", NOTHING, event -> event.getAsyncContext()
                    .addListener(told.listener("again", NOTHING))), request, response);
            async.dispatch();
        } else if (round == 2) {
            request.startAsync().dispatch();
        } else {
            print(request, response);
        }
    }), //
    A_LATER_ROUND_IS_COMPLETED_AT_ONCE(1, (told, request, response) -> {
        if (round(request) == 1) {
            start(told, request, "first").dispatch();
        } else {
            start(told, request, "second").complete();
        }
    }), //
    A_LATER_ROUND_IS_COMPLETED_AFTER_A_TIME_OUT(1, (told, request, response) -> {
        if (round(request) == 1) {
            start(told, request, "first").dispatch();
        } else {
            timeOut(told, request, "second", event -> {
                print(event.getAsyncContext().getRequest(), response);
                event.getAsyncContext().complete();
            });
        }
    }), //
    A_LATER_ROUND_IS_DISPATCHED_AFTER_A_TIME_OUT(1, (told, request, response) -> {
        switch (round(request)) {
            case 1 -> start(told, request, "first").dispatch();
            case 2 -> timeOut(told, request, "second", event -> event.getAsyncContext().dispatch("/other"));
            default -> print(request, response);
        }
    }), //
    A_LATER_ROUND_TIMES_OUT(1, (told, request, response) -> {
        if (round(request) == 1) {
            start(told, request, "first").dispatch();
        } else {
            timeOut(told, request, "second", NOTHING);
        }
    }), //
    A_LISTENER_IS_ADDED_TO_THE_ROUND_BEFORE(1, (told, request, response) -> {
        int round = round(request);
        if (round == 1) {
            AsyncContext async = start(told, request, "first");
            request.setAttribute("async", async);
            async.dispatch();
        } else if (round == 3) {
            print(request, response);
        } else {
            AsyncContext async = start(told, request, "second");
            ((AsyncContext) request.getAttribute("async")).addListener(told.listener("added"));
            async.dispatch();
        }
    }), //
    DISPATCHES_A_PLAIN_WRAPPER(1, (told, request, response) -> {
        if (isFirst(request)) {
            AsyncContext async = request.startAsync(new ServletRequestWrapper(request),
                    new ServletResponseWrapper(response));
            async.addListener(told.listener("first"));
            async.dispatch();
        } else {
            print(request, response);
        }
    }), //
    DISPATCHES_PLAIN_WRAPPERS(1, (told, request, response) -> {
        if (round(request) < 3) {
            AsyncContext async = request.startAsync(new ServletRequestWrapper(request),
                    new ServletResponseWrapper(response));
            async.addListener(told.listener("first"), request, response);
            async.dispatch();
        } else {
            print(request, response);
        }
    }), //
    DISPATCHES_AN_HTTP_WRAPPER(1, (told, request, response) -> {
        if (isFirst(request)) {
            AsyncContext async = request.startAsync(new HttpServletRequestWrapper((HttpServletRequest) request),
                    new HttpServletResponseWrapper((HttpServletResponse) response));
            async.addListener(told.listener("first"));
            told.add("original " + async.hasOriginalRequestAndResponse());
            async.dispatch();
        } else {
            print(request, response);
        }
    }), //
    FORWARDS_AND_DISPATCHES(1, (told, request, response) -> {
        switch (request.getDispatcherType()) {
            case REQUEST -> request.getRequestDispatcher("/other?x=1").forward(request, response);
            case FORWARD -> start(told, request, "first").dispatch("/third");
            default -> print(request, response);
        }
    }), //
    READS_WITHOUT_BLOCKING(1, NonBlocking::read), //
    WRITES_WITHOUT_BLOCKING(1, NonBlocking::write), //
    READING_FAILS(1, NonBlocking::failToRead), //
    THE_CLIENT_GOES_AWAY(1, (told, request, response) -> {
        AsyncContext async = start(told, request, "first");
        async.setTimeout(500);
        told.elsewhere(() -> writeUntilItFails(response));
    });

    /** How many times listeners are told of the end at least. */
    final int ends;

    @SuppressWarnings("ImmutableEnumChecker")
    final Serving serving;

    Scenario(Serving serving) {
        this(0, serving);
    }

    Scenario(int ends, Serving serving) {
        this.ends = ends;
        this.serving = serving;
    }

    /** Serves a request. */
    interface Serving {

        void serve(Told told, ServletRequest request, ServletResponse response) throws IOException, ServletException;
    }
}
