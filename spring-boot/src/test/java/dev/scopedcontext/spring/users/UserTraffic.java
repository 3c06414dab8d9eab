package dev.scopedcontext.spring.users;

import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** The requests of many users at once, on connections that are used again for other users. */
final class UserTraffic {

    private static final int AT_ONCE = 200;

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    UserTraffic(int port) {
        this.port = port;
    }

    /** Sends requests, and returns the answers that are not right. */
    List<String> send(List<UserRequest> requests) throws InterruptedException {
        Semaphore free = new Semaphore(AT_ONCE);
        List<CompletableFuture<String>> faults = new ArrayList<>();
        for (UserRequest request : requests) {
            free.acquire();
            faults.add(client.sendAsync(request.toHttp(port), BodyHandlers.ofString())
                    .handle((response, failure) -> {
                        free.release();
                        return failure != null
                                ? request + ": " + failure
                                : fault(request, UserAnswer.of(response));
                    }));
        }
        return faults.stream().map(CompletableFuture::join).filter(fault -> !fault.isEmpty()).toList();
    }

    private static String fault(UserRequest request, UserAnswer answer) {
        UserAnswer right = request.rightAnswer();
        return answer.equals(right) ? "" : request + " got\n" + answer + "\ninstead of\n" + right;
    }
}
