package dev.scopedcontext;

/**
 * Bindings that are in place from {@link Bindings#attach()} or {@link ContextSnapshot#attach()} until {@link
 * #close()}: for code that is given a
 * beginning and an end but no block, such as a callback or a filter, and for a body that throws several
 * unrelated checked exceptions. Prefer {@code run} and {@code call} wherever they fit: they cannot be left
 * open.
 *
 * {@snippet class="dev.scopedcontext.ReadmeExamplesTest" region="attach"}
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
public sealed interface Attachment extends AutoCloseable permits OpenAttachment, TrackedAttachment {

    /**
     * Takes the bindings away again: runs what was registered with {@link ScopedContext#onExit} since
     * {@code attach()}, in reverse order, and then puts back what was bound before. Does nothing when it is
     * closed already, or was dropped because the {@code run} around it returned.
     *
     * <p>What a hook or a mirror throws is thrown from here after all of them have run and the bindings are
     * put back; later failures are suppressed into the first.
     *
     * @throws IllegalStateException if called by another thread than the one that attached; while an
     *         attachment made after this one is open; or inside a {@code run} or {@code call} that began after
     *         it. Nothing is changed then, and the message names the keys and both threads or attachments
     */
    @Override
    void close();
}
