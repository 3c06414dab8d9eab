package orders;

import dev.scopedcontext.ScopedContext;

/** Starts the order service. */
public final class Main {
    private Main() {
    }

    /** Prints the backend; keeps running with {@code -Ddemo.serve}. */
    public static void main(String[] args) throws Exception {
        System.out.println("backend " + ScopedContext.backend());
        if (System.getProperty("demo.serve") != null) {
            Thread.currentThread().join();
        }
    }
}
