package dev.scopedcontext.spring.bean;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.ResourceCloser;
import java.util.List;

/** An instance of a bean in a session, with the callbacks that destroy it. Thread-safe. */
final class LiveBean {

    static final ResourceCloser<LiveBean> CLOSER = LiveBean::destroy;

    private final Object instance;
    private final List<Runnable> destructions;

    LiveBean(Object instance, List<Runnable> destructions) {
        this.instance = instance;
        this.destructions = destructions;
    }

    Object instance() {
        return instance;
    }

    synchronized void addDestruction(Runnable callback) {
        destructions.add(callback);
    }

    /** Runs all callbacks, even if some fail, the latest first. */
    private synchronized void destroy() {
        ScopedContext.without().run(() -> destructions.forEach(
                callback -> ScopedContext.onExit(failure -> callback.run())));
    }
}
