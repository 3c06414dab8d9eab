package dev.scopedcontext;

/**
 * Bindings that are in place from {@link Bindings#attach()} or {@link ContextSnapshot#attach()} until {@link
 * #close()}: for code that is given a
 * beginning and an end but no block, such as a callback or a filter, and for a body that throws several
 * unrelated checked exceptions. Prefer {@code run} and {@code call} wherever they fit: they cannot be left
 * open.
 *
 * {@snippet class="dev.scopedcontext.documents.ReadmeExamplesTest" region="attach"}
 *
 * <p>A thread that the JDK's own {@code StructuredTaskScope} forks inside a {@code run} reads what is
 * attached in that {@code run} as it comes and goes, also after the fork: there is no moment at which it
 * could be handed over. Do not attach while such forks run; those of {@code dev.scopedcontext.task.TaskScope}
 * see what was attached when it was opened. With no {@code run} around, an attachment is not inherited at
 * all.
 *
 * <p>A closed attachment that is kept holds on to the values it bound.
 *
 * <p>An attachment belongs to the thread that attached it. It may be passed to other threads but is of no use
 * there.
 */
public sealed interface Attachment extends AutoCloseable permits LiveAttachment, TrackedAttachment {

    /**
     * Runs the actions that were registered with {@link ScopedContext#onExit} since {@code attach()}, in reverse order,
     * and then restores the previous bindings. Does nothing if this is closed already, or was dropped.
     *
     * <p>Attachments that were made after this one and are still open are dropped first: their actions run, and their
     * own {@code close()} does nothing afterwards. One warning names both. With {@code -Dscopedcontext.strict=true},
     * it is an {@code IllegalStateException} that shows where the inner one was attached. Warnings are limited to some
     * per minute.
     *
     * <p>Exceptions of actions and mirrors are thrown from here after all of them have run and the bindings are
     * restored; later ones are suppressed into the first.
     *
     * @throws IllegalStateException if called by another thread than the one that attached, or inside a {@code run} or
     *         {@code call} that began after it. Nothing is changed then, and the message names the keys. In strict mode
     *         also if an attachment made after this one was still open, after everything is restored
     */
    @Override
    void close();
}
