/** Executors, thread factories and futures that hand context over from the code that uses them. */
@NullMarked
package dev.scopedcontext.executor;

import org.jspecify.annotations.NullMarked;
