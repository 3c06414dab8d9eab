package dev.scopedcontext.spring.bean;

import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.Scope;

/**
 * The sessions of one context, as a scope of Spring. Each bean is a resource of the context.
 *
 * <p>A context never forgets a resource, and may outlive the bean factory. The opener and the closer are therefore the
 * same for all beans, and refer to no factory: the opener uses the {@link BeanRequest} of its thread.
 */
final class SessionScope implements Scope {

    private final String name;
    private final Supplier<NamedContext> context;
    private final int factory;
    private final Map<String, ResourceKey<LiveBean>> keys = new ConcurrentHashMap<>();

    /**
     * Creates a scope.
     *
     * @param name the name of the scope
     * @param context returns the context, when a bean is first used
     * @param factory the number of the bean factory, since sessions may be used by several
     */
    SessionScope(String name, Supplier<NamedContext> context, int factory) {
        this.name = name;
        this.context = context;
        this.factory = factory;
    }

    @Override
    public Object get(String bean, ObjectFactory<?> creator) {
        ResourceKey<LiveBean> key = keyOf(bean);
        try {
            return key.isOpen() ? key.get().instance() : new BeanRequest(bean, creator).fulfil(key).instance();
        } catch (UnboundContextException unbound) {
            throw new SessionNotActiveException(shown(bean), name, unbound);
        } catch (IllegalStateException circle) { // Spring would take it for a sign that no session is active
            BeanCurrentlyInCreationException refused = new BeanCurrentlyInCreationException(shown(bean),
                    String.valueOf(circle.getMessage()));
            refused.initCause(circle);
            throw refused;
        }
    }

    private ResourceKey<LiveBean> keyOf(String bean) {
        ResourceKey<LiveBean> known = keys.get(bean);
        if (known != null) {
            return known;
        }
        NamedContext of = context.get();
        return keys.computeIfAbsent(bean, name -> of.resource(resourceName(name), LiveBean.class, BeanRequest.OPENER,
                LiveBean.CLOSER));
    }

    private String resourceName(String bean) {
        return "bean " + shown(bean) + (factory == 1 ? "" : " of factory " + factory);
    }

    /** Returns the name that the application has given to a bean. */
    static String shown(String bean) {
        return ScopedProxyUtils.isScopedTarget(bean) ? ScopedProxyUtils.getOriginalBeanName(bean) : bean;
    }

    @Override
    public void registerDestructionCallback(String bean, Runnable callback) {
        BeanRequest creating = BeanRequest.current();
        if (creating != null && creating.isFor(bean)) {
            creating.addDestruction(callback);
            return;
        }
        ResourceKey<LiveBean> key = keys.get(bean);
        if (key == null || !key.isOpen()) {
            throw new IllegalStateException("Bean '" + shown(bean) + "' has no instance in the current session that a"
                    + " callback could be registered for: register it while the session is active");
        }
        key.get().addDestruction(callback);
    }

    /**
     * Refuses to remove a bean.
     *
     * @throws UnsupportedOperationException always, since resources stay open until their session ends
     */
    @Override
    public Object remove(String bean) {
        throw new UnsupportedOperationException("Bean '" + shown(bean) + "' cannot be removed from its session: it is"
                + " destroyed when the session ends. Enter another session for a new instance");
    }

    @Override
    public @Nullable Object resolveContextualObject(String key) {
        return null;
    }

    @Override
    public @Nullable String getConversationId() {
        return null;
    }

    @Override
    public String toString() {
        return "SessionScope[" + name + "]";
    }
}
