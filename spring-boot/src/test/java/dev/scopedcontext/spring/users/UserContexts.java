package dev.scopedcontext.spring.users;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalVar;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.slf4j.MdcMirror;

/** The contexts of a request of the application. */
final class UserContexts {

    /** Entered before Spring Security. */
    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> ID = REQUEST.key("id", String.class);
    static final ContextKey<Records> RECORDS = REQUEST.key("records", Records.class);

    /** Entered after Spring Security. */
    static final NamedContext LOGIN = NamedContext.named("login");
    static final ContextKey<String> USER = LOGIN.key("user", String.class, key -> key.mirror(MdcMirror.to("user")));

    private static final Local NOTES = Local.named("notes");
    static final LocalVar<String> NOTE = NOTES.var("note", String.class);
    static final LocalManager NOTING = LocalManager.of(NOTES);

    static {
        REQUEST.onSessionExit(failure -> RECORDS.get().ended("request", ID.get(), failure));
        LOGIN.onSessionExit(failure -> RECORDS.get().ended("login of " + USER.get(), ID.get(), failure));
    }

    private UserContexts() {
    }
}
