package dev.scopedcontext.spring.micrometer;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Registers the accessor as long as the application runs. It does so after all beans are created, so that accessors of
 * other libraries precede it, as Micrometer sets values in the order of registration.
 */
final class AccessorRegistration implements SmartInitializingSingleton, DisposableBean {

    private final SharedAccessor accessor;
    private boolean acquired;

    AccessorRegistration(SharedAccessor accessor) {
        this.accessor = accessor;
    }

    @Override
    public void afterSingletonsInstantiated() {
        accessor.acquire();
        acquired = true;
    }

    @Override
    public void destroy() {
        if (acquired) {
            acquired = false;
            accessor.release();
        }
    }
}
