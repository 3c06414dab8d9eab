package dev.scopedcontext.servlet;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;

/** A request that reports when it becomes asynchronous. */
interface Filtered extends ServletRequest {

    /** Returns a request that reports to the given rounds, which is the request itself if one of its layers does. */
    static ServletRequest of(ServletRequest request, AsyncRounds rounds) {
        if (request instanceof Filtered
                || (request instanceof ServletRequestWrapper wrapper && wrapper.isWrapperFor(Filtered.class))) {
            return request;
        }
        return request instanceof HttpServletRequest http
                ? new FilteredRequest(http, rounds)
                : new FilteredServletRequest(request, rounds);
    }
}
