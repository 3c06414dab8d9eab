package dev.scopedcontext.task;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Runs the subtasks of task scopes. It holds no policy, so that behaviour does not depend on the engine. */
interface Engine {

    /** Opens the threads of a scope that the calling thread owns. */
    TaskThreads open(@Nullable String name, ThreadFactory factory);

    EngineReport report();
}
