package dev.scopedcontext.spring.users;

import java.net.http.HttpResponse;

/**
 * The answer to a request.
 *
 * @param status the status
 * @param outer what the filter has seen that is outside of Spring Security, in the last dispatch
 * @param inner what the filter has seen that is inside
 * @param body what the other layers have seen
 */
record UserAnswer(int status, String outer, String inner, String body) {

    static UserAnswer of(HttpResponse<String> response) {
        return new UserAnswer(response.statusCode(), header(response, "Outer"), header(response, "Inner"),
                response.body());
    }

    private static String header(HttpResponse<String> response, String name) {
        return String.join(" and ", response.headers().allValues(name));
    }
}
