package dev.scopedcontext.jmh.report;

import dev.scopedcontext.jmh.BindAndAttach;
import dev.scopedcontext.jmh.BindAndRun;
import dev.scopedcontext.jmh.Capture;
import dev.scopedcontext.jmh.FirstUse;
import dev.scopedcontext.jmh.ForkJoin;
import dev.scopedcontext.jmh.HandOff;
import dev.scopedcontext.jmh.Nest;
import dev.scopedcontext.jmh.ParkedThreads;
import dev.scopedcontext.jmh.ReadManyKeys;
import dev.scopedcontext.jmh.ReadOneKey;
import dev.scopedcontext.jmh.peer.Peer;
import java.util.ArrayList;
import java.util.List;

/**
 * The most important figures: this library's, the JDK's, and those of the best other library. The README shows the same
 * rows. A standard run must have all of them; other runs show the figures that they have.
 */
final class Summary {
    private final Run run;
    private final List<String> lines = new ArrayList<>();

    Summary(Run run) {
        this.run = run;
    }

    List<String> lines() {
        lines.add("| | scoped-context | ScopedValue | ThreadLocal | the best library |");
        lines.add("|---|---:|---:|---:|---:|");
        row("read a key", ReadOneKey.class, "bound");
        row("read a key that is not bound", ReadOneKey.class, "absent");
        row("read 32 keys in turn, each", ReadManyKeys.class, "inTurn, keys=32");
        row("bind a key, run, read it", BindAndRun.class, "run, keys=1");
        row("bind four keys, run, read one", BindAndRun.class, "run, keys=4");
        row("bind a key, without a lambda", BindAndAttach.class, "attach, keys=1");
        row("bind eight keys, one in the other", Nest.class, "innermost, levels=8");
        row("capture four keys", Capture.class, "capture");
        row("run a task that was wrapped", Capture.class, "runWrapped");
        row("hand a task to an executor", HandOff.class, "execute");
        row("fork and join 10,000 subtasks", ForkJoin.class, "forkAndJoin, keys=8, subtasks=10,000");
        row("start a JVM, bind a key, end", FirstUse.class, "start");
        row("a parked subtask, where 8 keys are bound", ParkedThreads.class, "forked, keys=8, threads=1,000,000");
        return lines;
    }

    private void row(String what, Class<?> benchmark, String column) {
        Table table = new Table(run.of(benchmark.getSimpleName()));
        if (table.at(Peer.SCOPED_CONTEXT, column) != null) {
            Answer best = table.bestOf(column, peer -> Table.isLibrary(peer));
            lines.add("| %s | %s | %s | %s | %s |".formatted(what, cell(table.at(Peer.SCOPED_CONTEXT, column)),
                    cell(table.at(Peer.SCOPED_VALUE, column)), cell(table.at(Peer.THREAD_LOCAL, column)),
                    best == null ? "–" : cell(best) + " " + best.row()));
        } else if (run.isWhole()) {
            throw new IllegalStateException("%s has no answer of %s: %s".formatted(run.name(),
                    benchmark.getSimpleName(), column));
        }
    }

    private static String cell(Answer answer) {
        return answer == null ? "–" : Figures.cell(answer);
    }
}
