package dev.scopedcontext.task;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Captures what the library logs: in these tests {@code System.Logger} leads to {@code java.util.logging}. */
final class TaskLog extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.scopedcontext");
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    private TaskLog() {
    }

    static TaskLog capture() {
        TaskLog log = new TaskLog();
        log.logger.addHandler(log);
        log.logger.setUseParentHandlers(false);
        return log;
    }

    List<String> messages() {
        return records.stream().map(LogRecord::getMessage).toList();
    }

    List<Throwable> thrown() {
        return records.stream().map(LogRecord::getThrown).toList();
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
