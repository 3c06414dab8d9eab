package dev.scopedcontext.task;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Runs the subtasks of task scopes. It holds no policy: all that a user can tell apart is above this seam. */
interface Engine {

    /** Begins a scope of the calling thread. */
    TaskThreads open(@Nullable String name, ThreadFactory factory);

    EngineReport report();
}
