/**
 * Context values: what is bound around a piece of code is seen by every line that runs for it, and by nothing else.
 */
module dev.scopedcontext {
    requires static org.jspecify;

    exports dev.scopedcontext;
}
