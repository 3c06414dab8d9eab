package dev.scopedcontext;

/**
 * Bindings that are in effect from {@link Bindings#attach()} or {@link ContextSnapshot#attach()} until {@link
 * #close()}.
 *
 * <p>Attach if there is no block of code to run: for callbacks that mark a beginning and an end, or for a body that
 * throws several unrelated checked exceptions. Otherwise prefer {@code run} and {@code call}, which cannot be left
 * open.
 *
 * {@snippet class="dev.scopedcontext.documents.ReadmeExamplesTest" region="attach"}
 *
 * <p><b>Other threads.</b> An attachment belongs to the thread that attached it, and only that thread can close it.
 * Work that is handed over while it is open sees its bindings. A thread that the JDK's own {@code StructuredTaskScope}
 * forks inside a {@code run} sees the attachments of that {@code run} come and go, even after the fork. Do not attach
 * while such forks run. Subtasks of {@code dev.scopedcontext.task.TaskScope} see the attachments at the opening of
 * their scope. Forks of the JDK do not inherit an attachment that no {@code run} surrounds.
 *
 * <p>A closed attachment retains the values that it bound as long as it is reachable.
 */
public sealed interface Attachment extends AutoCloseable permits LiveAttachment, TrackedAttachment {

    /**
     * Runs the hooks that were registered with {@link ScopedContext#onExit} since {@code attach()}, in reverse order,
     * and then restores the previous bindings. Has no effect if this attachment is already closed or was dropped.
     *
     * <p>If attachments that were opened after this one are still open, they are dropped first. Their hooks run, and
     * their own {@code close()} has no effect afterwards. A warning names both attachments. With {@code
     * -Dscopedcontext.strict=true}, an {@code IllegalStateException} is thrown instead, which shows where the inner one
     * was attached. The number of warnings per minute is limited.
     *
     * <p>If a hook or mirror throws, the others still run and the bindings are restored. The first exception is then
     * thrown, with later ones suppressed into it.
     *
     * @throws IllegalStateException if called by a thread other than the one that attached, or inside a {@code run} or
     *         {@code call} that began afterwards. Nothing then changes, and the message names the keys. In strict mode,
     *         also thrown if an attachment that was opened after this one was still open, after everything is restored
     */
    @Override
    void close();
}
