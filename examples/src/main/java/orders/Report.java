package orders;

import dev.scopedcontext.BackendReport;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.task.EngineReport;
import dev.scopedcontext.task.TaskScope;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The results of a run. */
record Report(List<Visit> visits, List<String> auditFaults, long leaks, long cancelledInTime, long late, long opened,
        long closed, long openedInVain, LogFile log, Traces traces, List<String> traceFaults) {

    private static final int FAULTS_SHOWN = 5;

    static Report of(List<Visit> visits, List<Books> books, long leaks, long openedInVain, LogFile log, Traces traces)
            throws SQLException {
        List<String> auditFaults = new ArrayList<>();
        long cancelledInTime = 0;
        long late = 0;
        long opened = 0;
        long closed = 0;
        for (Books each : books) {
            auditFaults.addAll(each.auditFaults(visits));
            cancelledInTime += each.tenant().carrier().cancelledInTime();
            late += each.tenant().carrier().late();
            opened += each.tenant().database().opened();
            closed += each.tenant().database().closed();
        }
        return new Report(visits, auditFaults, leaks, cancelledInTime, late, opened, closed, openedInVain, log, traces,
                traces.faults(visits));
    }

    boolean isGood() {
        return wrongAnswers().isEmpty() && auditFaults.isEmpty() && leaks == 0 && late == 0 && opened == closed
                && openedInVain == 0 && log.faults().isEmpty() && traceFaults.isEmpty();
    }

    void print() {
        BackendReport backend = ScopedContext.backend();
        EngineReport engine = TaskScope.engine();
        System.out.printf(Locale.ROOT, """
                backend            %s: %s
                engine             %s: %s
                JDK                %s
                requests           %,d
                wrong answers      %,d
                wrong audit rows   %,d
                context leaks      %,d
                slow look-ups      %,d cancelled in time, %,d late
                connections        %,d opened, %,d closed, %,d for requests that need none
                log lines          %,d, %,d wrong or missing
                traces             %,d, %,d wrong
                latency            p50 %.1f ms, p99 %.1f ms
                """, backend.kind(), backend.reason(), engine.kind(), engine.reason(), backend.jdk(), visits.size(),
                wrongAnswers().size(), auditFaults.size(), leaks, cancelledInTime, late, opened, closed, openedInVain,
                log.lines().size(), log.faults().size(), traces.count(), traceFaults.size(), percentile(50),
                percentile(99));
        wrongAnswers().stream().limit(FAULTS_SHOWN).forEach(visit -> System.out.println(visit.faults().get(0)));
        Stream.of(auditFaults, log.faults(), traceFaults)
                .forEach(faults -> faults.stream().limit(FAULTS_SHOWN).forEach(System.out::println));
        show("the log of a request", log.of(Shopper.IN_TIME));
        show("its trace", traces.of(Shopper.IN_TIME));
        show("the log of a request that waits for one second, which is too short", log.of(Shopper.IN_HASTE));
    }

    private static void show(String title, List<String> lines) {
        System.out.println("\n" + title);
        lines.forEach(line -> System.out.println("  " + line));
    }

    private List<Visit> wrongAnswers() {
        return visits.stream().filter(visit -> !visit.faults().isEmpty()).toList();
    }

    private double percentile(int percent) {
        long[] nanos = visits.stream().mapToLong(Visit::nanos).sorted().toArray();
        return nanos[(nanos.length - 1) * percent / 100] / 1e6;
    }
}
