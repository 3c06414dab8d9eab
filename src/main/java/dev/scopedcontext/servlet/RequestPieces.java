package dev.scopedcontext.servlet;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.OpenScope;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of a request: its dispatches, each of which passes the filters in order. Stored in an attribute of the
 * request, so that each filter finds its scope when the request passes it again.
 */
final class RequestPieces {

    /** The name of the attribute, which is unique if several applications each load this class. */
    private static final String ATTRIBUTE = RequestPieces.class.getName() + "@"
            + Integer.toHexString(System.identityHashCode(RequestPieces.class));

    final RequestScopes scopes = new RequestScopes();
    final AsyncRounds rounds = new AsyncRounds(scopes);

    /** Returns the pieces of a request, of which there may be none yet. */
    static RequestPieces of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof RequestPieces pieces ? pieces : new RequestPieces();
    }

    /** Calls the first piece of a request in the scope of a filter. */
    <X extends Throwable> void begin(FilterRequests filter, HttpServletRequest request, OpenScope scope,
            CallableOp<@Nullable Void, X> piece) throws X {
        scopes.<X>call(scopes.add(filter, scope), () -> {
            request.setAttribute(ATTRIBUTE, this);
            piece.call();
            rounds.follow(request);
            return rounds.haveBegun();
        });
    }

    /** Calls another piece of a request in the scope of a filter. */
    <X extends Throwable> void goOn(FilterScope scope, ServletRequest request,
            CallableOp<@Nullable Void, X> piece) throws X {
        scopes.<X>call(scope, () -> {
            piece.call();
            rounds.follow(request);
            return true;
        });
    }

    /** Returns a request that reports to the rounds, which is the request itself if one of its layers does. */
    ServletRequest layerOver(ServletRequest request) {
        if (request instanceof RequestLayer
                || (request instanceof ServletRequestWrapper wrapper && wrapper.isWrapperFor(RequestLayer.class))) {
            return request;
        }
        return request instanceof HttpServletRequest http
                ? new HttpRequestLayer(http, rounds)
                : new PlainRequestLayer(request, rounds);
    }
}
