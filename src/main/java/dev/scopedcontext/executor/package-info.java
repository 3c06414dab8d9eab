/**
 * Executors, thread factories and futures that hand context over from the code that uses them.
 *
 * <p>See {@code docs/decisions/0008-executors-and-futures.md} in the source.
 */
@NullMarked
package dev.scopedcontext.executor;

import org.jspecify.annotations.NullMarked;
