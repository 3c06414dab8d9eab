package orders;

import dev.scopedcontext.BackendReport;
import dev.scopedcontext.ScopedContext;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What there is to say after a run. */
record Report(List<Visit> visits, List<String> auditFaults, long leaks, long opened, long closed) {

    private static final int FAULTS_SHOWN = 5;

    static Report of(List<Visit> visits, List<Books> books, long leaks) throws SQLException {
        List<String> auditFaults = new ArrayList<>();
        long opened = 0;
        long closed = 0;
        for (Books each : books) {
            auditFaults.addAll(each.auditFaults(visits));
            opened += each.tenant().database().opened();
            closed += each.tenant().database().closed();
        }
        return new Report(visits, auditFaults, leaks, opened, closed);
    }

    boolean isGood() {
        return wrongAnswers().isEmpty() && auditFaults.isEmpty() && leaks == 0 && opened == closed;
    }

    void print() {
        BackendReport backend = ScopedContext.backend();
        System.out.printf(Locale.ROOT, """
                backend            %s: %s
                JDK                %s
                requests           %,d
                wrong answers      %,d
                wrong audit rows   %,d
                context leaks      %,d
                connections        %,d opened, %,d closed
                latency            p50 %.1f ms, p99 %.1f ms
                """, backend.kind(), backend.reason(), backend.jdk(), visits.size(), wrongAnswers().size(),
                auditFaults.size(), leaks, opened, closed, percentile(50), percentile(99));
        wrongAnswers().stream().limit(FAULTS_SHOWN).forEach(visit -> System.out.println(visit.faults().get(0)));
        auditFaults.stream().limit(FAULTS_SHOWN).forEach(System.out::println);
    }

    private List<Visit> wrongAnswers() {
        return visits.stream().filter(visit -> !visit.faults().isEmpty()).toList();
    }

    private double percentile(int percent) {
        long[] nanos = visits.stream().mapToLong(Visit::nanos).sorted().toArray();
        return nanos[(nanos.length - 1) * percent / 100] / 1e6;
    }
}
