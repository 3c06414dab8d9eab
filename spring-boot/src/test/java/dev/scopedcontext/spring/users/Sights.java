package dev.scopedcontext.spring.users;

import static dev.scopedcontext.spring.users.UserContexts.ID;
import static dev.scopedcontext.spring.users.UserContexts.LOGIN;
import static dev.scopedcontext.spring.users.UserContexts.NOTE;
import static dev.scopedcontext.spring.users.UserContexts.RECORDS;
import static dev.scopedcontext.spring.users.UserContexts.REQUEST;
import static dev.scopedcontext.spring.users.UserContexts.USER;

import org.slf4j.MDC;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Tells which user and which request a layer of the application sees. */
class Sights {

    private final SessionBean requestBean;
    private final SessionBean loginBean;

    Sights(SessionBean requestBean, SessionBean loginBean) {
        this.requestBean = requestBean;
        this.loginBean = loginBean;
    }

    /** Returns what the caller sees. A note that it leaves must not be seen by others. */
    String of(String layer) {
        if (RECORDS.isBound()) {
            RECORDS.get().seenOn(Thread.currentThread());
        }
        return expected(layer, ID.orElse("none"), REQUEST.isActive() ? requestBean.owner() : "none",
                USER.orElse("none"), user(), LOGIN.isActive() ? loginBean.owner() : "none",
                String.valueOf(MDC.get("user")), note());
    }

    /** Returns the request that the caller sees. */
    String ofRequest() {
        return expectedOfRequest(ID.orElse("none"), REQUEST.isActive() ? requestBean.owner() : "none");
    }

    private static String note() {
        return REQUEST.isActive() ? NOTE.computeIfAbsent(() -> USER.orElse("none")) : NOTE.orElse("none");
    }

    private static String user() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication == null ? "none" : authentication.getName();
    }

    /** Returns what a filter sees that is outside of Spring Security. */
    static String expectedOfRequest(String id) {
        return expectedOfRequest(id, id);
    }

    private static String expectedOfRequest(String id, String requestBean) {
        return "id=" + id + " request-bean=" + requestBean;
    }

    /** Returns what a layer sees that is in the context of a request. */
    static String expected(String layer, String id, String user) {
        return expected(layer, id, id, user, user, user, user, user);
    }

    /** Returns what a listener sees: Spring Security has already cleared its context at the end of the dispatch. */
    static String expectedInListener(String layer, String id, String user) {
        return expected(layer, id, id, user, "none", user, user, user);
    }

    /** Returns what the error page of a request sees that Spring Security has refused. */
    static String expectedRefused(String layer, String id) {
        return expected(layer, id, id, "none", "anonymousUser", "none", "null", "none");
    }

    private static String expected(String layer, String id, String requestBean, String key, String security,
            String loginBean, String mdc, String note) {
        return layer + ": " + expectedOfRequest(id, requestBean) + " key=" + key + " security=" + security
                + " login-bean=" + loginBean + " mdc=" + mdc + " note=" + note;
    }
}
