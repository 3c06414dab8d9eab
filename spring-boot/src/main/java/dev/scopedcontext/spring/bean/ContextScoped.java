package dev.scopedcontext.spring.bean;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.support.ScopeNotActiveException;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.annotation.AliasFor;

/**
 * Marks a bean of which each session of a {@link dev.scopedcontext.named.NamedContext} has its own instance. Use it for
 * objects that belong to a request, a job or a message, and that should not depend on a web request being active. Put
 * it on a class, on a {@code @Bean} method, or on an annotation of your own.
 *
 * {@snippet class="dev.scopedcontext.spring.bean.BeanExamplesTest" region="declare"}
 *
 * <p>The annotation names a bean of type {@code NamedContext}, of which a session must be active when the bean is used:
 *
 * {@snippet class="dev.scopedcontext.spring.bean.BeanExamplesTest" region="use"}
 *
 * <p>Beans of all scopes can be given this bean, because they are given a proxy. Each call of the proxy is forwarded to
 * the instance of the session that is active for the caller. The first call creates the instance. Further threads that
 * call it meanwhile wait until it is created. If a constructor or a dependency fails, all of them get the same
 * exception, and a later call tries again. A circle of beans is refused, even through several threads.
 *
 * <p>Instances are destroyed when the session ends, after the hooks of the context, in reverse order of their creation
 * and in one order with the resources of the session. As for beans of all scopes, Spring logs an exception of a destroy
 * method. An overlay shares the instances of its session.
 *
 * <p>If no session is active, the call throws a {@link ScopeNotActiveException} that names the context to enter.
 *
 * <p><b>Other threads.</b> Subtasks and tasks to which the session is handed over use the same instance, which must
 * therefore be thread-safe if they do so at the same time. A task that outlives the session can no longer use it. A
 * lazily created singleton must not call the bean in its constructor. Spring holds a lock meanwhile, and a thread that
 * creates the bean may need that lock: both would wait forever.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Scope(SessionScopes.UNNAMED)
public @interface ContextScoped {

    /**
     * Returns the name of the bean of type {@code NamedContext}.
     *
     * @return the name
     */
    String value();

    /**
     * Returns the type of the proxy: of the class of the bean, or of its interfaces. Without a proxy, the bean can only
     * be requested from the bean factory or through an {@code ObjectProvider}.
     *
     * @return the type of the proxy
     */
    @AliasFor(annotation = Scope.class)
    ScopedProxyMode proxyMode() default ScopedProxyMode.TARGET_CLASS;
}
