package dev.scopedcontext.spring.users;

import static dev.scopedcontext.spring.users.UserContexts.NOTE;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.MDC;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestContextHolder;

/** Looks for what threads keep. It is called where no request is being served. */
final class ThreadProbe {

    private static final ContextKey<String> LEAKED = ContextKey.named("leaked");

    /** State that a task may leave on its thread. */
    enum Leak {
        KEY("keeps the key"), LOCAL("keeps the note"), SECURITY("keeps the authentication"), MDC("keeps the MDC");

        /** How {@link #look} reports it. */
        final String shown;

        Leak(String shown) {
            this.shown = shown;
        }
    }

    private final Set<String> found = ConcurrentHashMap.newKeySet();
    private final Set<Thread> visited = ConcurrentHashMap.newKeySet();
    private final Set<Thread> leaking = ConcurrentHashMap.newKeySet();
    private final Map<Thread, Attachment> attached = new ConcurrentHashMap<>();

    /** Looks at the calling thread. */
    void look() {
        Thread thread = Thread.currentThread();
        visited.add(thread);
        ScopedContext.capture().keys().forEach(key -> found(thread, "the key " + key));
        if (NOTE.isSet()) {
            found(thread, "the note " + NOTE.orElse(null));
        }
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null) {
            SecurityContextHolder.clearContext(); // the empty one that was just created
        } else {
            found(thread, "the authentication of " + authentication.getName());
        }
        Map<String, String> entries = MDC.getCopyOfContextMap();
        if (entries != null && !entries.isEmpty()) {
            found(thread, "the MDC " + entries);
        }
        if (RequestContextHolder.getRequestAttributes() != null) {
            found(thread, "the attributes of a request");
        }
    }

    private void found(Thread thread, String what) {
        found.add(thread.getName() + " keeps " + what);
    }

    /** Returns the leaks that were found, and forgets them. */
    Set<String> takeFound() {
        Set<String> all = Set.copyOf(found);
        found.clear();
        return all;
    }

    void forgetVisits() {
        visited.clear();
    }

    boolean isVisitedOrDead(Thread thread) {
        return !thread.isAlive() || visited.contains(thread);
    }

    /** Leaves something on the calling thread, as faulty code would. */
    void leak(Leak leak) {
        leaking.add(Thread.currentThread());
        switch (leak) {
            case KEY -> attached.put(Thread.currentThread(), ScopedContext.where(LEAKED, "leak").attach());
            case LOCAL -> NOTE.set("leak");
            case SECURITY -> SecurityContextHolder.getContext()
                    .setAuthentication(new TestingAuthenticationToken("leak", ""));
            case MDC -> MDC.put("user", "leak");
        }
    }

    boolean isLeaking() {
        return !leaking.isEmpty();
    }

    boolean hasFound() {
        return !found.isEmpty();
    }

    /** Removes what {@link #leak} has left on the calling thread. */
    void clean() {
        Attachment attachment = attached.remove(Thread.currentThread());
        if (attachment != null) {
            attachment.close();
        }
        NOTE.remove();
        SecurityContextHolder.clearContext();
        MDC.clear();
        leaking.remove(Thread.currentThread());
    }
}
