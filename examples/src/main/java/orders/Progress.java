package orders;

import java.io.Console;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicInteger;

/** Shows the state of the demo: on one line that is rewritten on a terminal, and every few seconds elsewhere. */
final class Progress implements AutoCloseable {

    private static final boolean TERMINAL = isTerminal();
    private static final long PERIOD_MILLIS = TERMINAL ? 200 : 3_000;

    private final int requests;
    private final AtomicInteger answered = new AtomicInteger();
    private final Timer timer = new Timer("progress", true);

    /** The number that is shown. Guarded by this. */
    private int shown;

    /** Guarded by this. */
    private boolean closed;

    /** Shows that the demo starts, and then the number of answered requests until this is closed. */
    Progress(int requests) {
        this.requests = requests;
        show("Starting two shops and a pricing service");
        timer.schedule(new TimerTask() {
            @Override
            public void run() {
                showRequests();
            }
        }, PERIOD_MILLIS, PERIOD_MILLIS);
    }

    void answered() {
        answered.incrementAndGet();
    }

    @Override
    public synchronized void close() {
        timer.cancel();
        showRequests();
        closed = true;
        if (TERMINAL) {
            show("");
        }
    }

    private synchronized void showRequests() {
        int now = answered.get();
        if (now > shown && !closed) {
            show(String.format(Locale.ROOT, "%,d of %,d requests are answered", now, requests));
            shown = now;
        }
    }

    private static void show(String state) {
        if (TERMINAL) {
            System.out.print("\r\033[K" + state);
            System.out.flush();
        } else {
            System.out.println(state);
        }
    }

    /** Returns whether a person is watching. Code compiled for JDK 17 reaches the method of JDK 22 by reflection. */
    @SuppressWarnings("SystemConsoleNull") // null on older JDKs
    private static boolean isTerminal() {
        Console console = System.console();
        try {
            return console != null && (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderJdk) {
            return true; // where a console is always a terminal
        }
    }
}
