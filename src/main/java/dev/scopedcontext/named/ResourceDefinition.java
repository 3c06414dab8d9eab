package dev.scopedcontext.named;

import dev.scopedcontext.internal.Failures;

/** The declaration of a resource: its opener, its closer, and the position of its instances. */
final class ResourceDefinition {

    /** The position of its instances among those of the resources of the context. */
    final int index;

    private final String context;
    private final String name;
    private final ResourceOpener<?> opener;
    private final ResourceCloser<?> closer;

    private volatile boolean perTask;
    private volatile boolean used;

    ResourceDefinition(String context, String name, int index, ResourceOpener<?> opener, ResourceCloser<?> closer) {
        this.context = context;
        this.name = name;
        this.index = index;
        this.opener = opener;
        this.closer = closer;
    }

    /** Returns the name of the context. */
    String context() {
        return context;
    }

    /** Returns the name of the context and the name in it. */
    String name() {
        return name;
    }

    ResourceOpener<?> opener() {
        return opener;
    }

    boolean isOpenedAndClosedBy(ResourceOpener<?> someOpener, ResourceCloser<?> someCloser) {
        return opener == someOpener && closer == someCloser;
    }

    boolean isPerTask() {
        return perTask;
    }

    void openPerTask() {
        perTask = true;
    }

    /** Returns whether an instance has been requested, after which {@link #openPerTask} is too late. */
    boolean isUsed() {
        return used;
    }

    void use() {
        used = true;
    }

    /** Calls the closer, even if the thread is interrupted. */
    @SuppressWarnings("unchecked")
    void close(Object instance) {
        boolean interrupted = Thread.interrupted();
        try {
            ((ResourceCloser<Object>) closer).close(instance);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw wrap(" could not be closed", failure);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns the exception to throw for a checked exception of the opener or closer. */
    ResourceException wrap(String problem, Throwable failure) {
        if (Failures.isInterruption(failure)) {
            Thread.currentThread().interrupt();
        }
        return new ResourceException(this + problem + ": " + failure, failure);
    }

    /** Returns the name, marked as that of a resource. */
    @Override
    public String toString() {
        return "ResourceKey[" + name + "]";
    }
}
