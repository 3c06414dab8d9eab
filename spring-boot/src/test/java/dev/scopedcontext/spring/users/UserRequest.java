package dev.scopedcontext.spring.users;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * A request of a user.
 *
 * @param work its kind
 * @param user the user
 * @param id the id, which no other request has
 */
record UserRequest(Work work, String user, String id) {

    static final int USERS = 50;

    /** Returns the request with a number. */
    static UserRequest of(int number) {
        String user = "user" + number % USERS;
        return new UserRequest(Work.MIX.get(number % Work.MIX.size()), user, user + "-" + number);
    }

    static String credentials(String user, boolean right) {
        String login = user + ":" + (right ? "secret of " + user : "wrong");
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    HttpRequest toHttp(int port) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + work.path()))
                .timeout(Duration.ofSeconds(30))
                .header("X-Id", id)
                .header("Authorization", credentials(user, work != Work.REFUSED))
                .build();
    }

    /** Returns the answer that is right. */
    UserAnswer rightAnswer() {
        return new UserAnswer(work.status, Sights.expectedOfRequest(id), work.inner(id, user), work.body(id, user));
    }

    List<String> rightEnds() {
        return work.ends(id, user);
    }
}
