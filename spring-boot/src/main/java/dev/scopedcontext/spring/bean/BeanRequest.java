package dev.scopedcontext.spring.bean;

import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.named.ResourceOpener;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectFactory;

/**
 * A request of a thread for a bean of which its session may not have an instance yet. The thread creates the instance,
 * unless another one does so first.
 */
final class BeanRequest {

    /** Creates the bean that the calling thread requests. */
    static final ResourceOpener<LiveBean> OPENER = () -> Objects.requireNonNull(current(), "request").create();

    private static final ThreadLocal<@Nullable BeanRequest> CURRENT = new ThreadLocal<>();

    private final String bean;
    private final ObjectFactory<?> creator;
    private final List<Runnable> destructions = new ArrayList<>(1);

    BeanRequest(String bean, ObjectFactory<?> creator) {
        this.bean = bean;
        this.creator = creator;
    }

    /** Returns the innermost request of the calling thread. */
    static @Nullable BeanRequest current() {
        return CURRENT.get();
    }

    /** Returns the bean of the current session. */
    LiveBean fulfil(ResourceKey<LiveBean> key) {
        BeanRequest around = CURRENT.get();
        CURRENT.set(this);
        try {
            return key.get();
        } finally {
            if (around == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(around);
            }
        }
    }

    private LiveBean create() {
        return new LiveBean(creator.getObject(), destructions);
    }

    boolean isFor(String other) {
        return bean.equals(other);
    }

    void addDestruction(Runnable callback) {
        destructions.add(callback);
    }
}
