package dev.scopedcontext.support;

import dev.scopedcontext.internal.StrictMode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Captures the log lines of the library. In these tests, {@code System.Logger} uses {@code java.util.logging}. */
public final class LogLines extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.scopedcontext");
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    private LogLines() {
    }

    /** Starts to capture, until this is closed. */
    public static LogLines capture() {
        StrictMode.resetWarnings();
        LogLines lines = new LogLines();
        lines.logger.addHandler(lines);
        lines.logger.setUseParentHandlers(false);
        return lines;
    }

    /** Returns the messages that were logged. */
    public List<String> messages() {
        return records.stream().map(LogRecord::getMessage).toList();
    }

    /** Returns the logged exceptions, null for a line without one. */
    public List<Throwable> causes() {
        return records.stream().map(LogRecord::getThrown).toList();
    }

    /** Returns the level of each line. */
    public List<Level> levels() {
        return records.stream().map(LogRecord::getLevel).toList();
    }

    @Override
    public void publish(LogRecord line) {
        records.add(line);
    }

    @Override
    public void flush() {
    }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
