package dev.scopedcontext.spring.users;

import java.util.concurrent.CompletableFuture;
import org.springframework.scheduling.annotation.Async;
import org.springframework.security.access.prepost.PreAuthorize;

/** Methods that run on other threads, or for some users only. */
class UserService {

    private final Sights sights;

    UserService(Sights sights) {
        this.sights = sights;
    }

    @Async
    public CompletableFuture<String> async(String layer) {
        return CompletableFuture.completedFuture(sights.of(layer));
    }

    @Async("reports")
    public CompletableFuture<String> report(String layer) {
        return CompletableFuture.completedFuture(sights.of(layer));
    }

    @Async
    public CompletableFuture<String> failing(String message) {
        return CompletableFuture.failedFuture(new UserException(message));
    }

    @PreAuthorize("hasRole('ADMIN')")
    public String admin() {
        return sights.of("admin");
    }

    @PreAuthorize("hasRole('USER')")
    public String checked(String layer) {
        return sights.of(layer);
    }
}
