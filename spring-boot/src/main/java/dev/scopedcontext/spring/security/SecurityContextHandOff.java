package dev.scopedcontext.spring.security;

import dev.scopedcontext.HandOff;

/**
 * Gives each task a security context of its own, with the same authentication. A security context is mutable: if a task
 * had the one of its caller, each would see the changes of the other.
 *
 * <p>A deferred context is loaded at the capture, since it may read a request that the task outlives. If it cannot be
 * loaded, the task gets the exception when it uses the context.
 */
final class SecurityContextHandOff implements HandOff<ThreadSecurityContext> {

    @Override
    public ThreadSecurityContext capture(ThreadSecurityContext current) {
        return current.copyFor(null);
    }

    @Override
    public ThreadSecurityContext open(ThreadSecurityContext captured) {
        return captured.copyFor(Thread.currentThread());
    }
}
