package dev.scopedcontext.spring.users;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.spring.support.ServletKind;
import dev.scopedcontext.spring.users.AbortingClients.Aborted;
import dev.scopedcontext.spring.users.ThreadPools.Pool;
import dev.scopedcontext.spring.users.ThreadProbe.Leak;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Many users at once, in all parts of one application, never meet and leave nothing behind. */
@Tag("stress")
@ParameterizedClass
@MethodSource("dev.scopedcontext.spring.support.ServletKind#all")
class ManyUsersTest {

    private static final int REQUESTS = 2000;
    private static final int ABORTED = 15;

    private static RunningUsers application;

    @Parameter
    ServletKind kind;

    @BeforeParameterizedClassInvocation
    static void start(ServletKind kind) {
        application = RunningUsers.start(kind);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        application.close();
    }

    @Test
    void eachLayerSeesItsUserAndNothingIsLeft() throws Exception {
        Records records = application.bean(Records.class);
        FutureTask<List<Aborted>> aborted = new FutureTask<>(() -> application.abortingClients().run(ABORTED));
        new Thread(aborted, "aborting clients").start();
        List<UserRequest> requests = IntStream.range(0, REQUESTS).mapToObj(UserRequest::of).toList();

        assertNone("wrong answers", application.traffic().send(requests));
        assertThat(records.connections()).as("connections, which are kept alive").isLessThan(REQUESTS / 2);
        List<Aborted> gone = aborted.get(60, SECONDS);
        records.awaitEnds();
        assertNone("wrong ends", requests.stream()
                .filter(request -> !records.endsOf(request.id()).equals(request.rightEnds()))
                .map(request -> request + " ended " + records.endsOf(request.id()) + " instead of "
                        + request.rightEnds())
                .toList());
        assertNone("wrong ends of clients that have gone", gone.stream()
                .filter(client -> !client.isRight(records.endsOf(client.id())))
                .map(client -> client + " ended " + records.endsOf(client.id()))
                .toList());
        assertThat(records.faults).isEmpty();
        assertNothingIsLeft(Set.copyOf(records.threads()));
    }

    private static void assertNone(String description, List<String> faults) {
        assertThat(faults.stream().limit(3)).as(faults.size() + " " + description).isEmpty();
    }

    /** Looks at all threads that were used and that are still alive. */
    private static void assertNothingIsLeft(Set<Thread> used) throws InterruptedException {
        ThreadProbe probe = application.bean(ThreadProbe.class);
        ThreadPools pools = application.pools();
        assertThat(probe.takeFound()).as("found between requests").isEmpty();
        probe.forgetVisits();
        until("all threads were looked at", () -> used.stream().allMatch(probe::isVisitedOrDead), () -> {
            pools.runOnAll(probe::look);
            // A thread of Jetty that waits for requests takes no tasks. It serves one, and another thread waits.
            assertNone("wrong answers", application.traffic().send(plain(8)));
        });
        assertThat(probe.takeFound()).as("found on idle threads").isEmpty();
    }

    private static List<UserRequest> plain(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new UserRequest(Work.PLAIN, "plain", "plain" + number)).toList();
    }

    private static void until(String description, BooleanSupplier condition, InterruptibleTask task)
            throws InterruptedException {
        long end = System.nanoTime() + SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time until " + description).isLessThan(end);
            task.run();
        }
    }

    /** A task that may wait. */
    private interface InterruptibleTask {

        void run() throws InterruptedException;
    }

    @Test
    void whatATaskLeavesOnAThreadIsFound() throws Exception {
        assertNone("wrong answers", application.traffic().send(IntStream.range(0, 50)
                .mapToObj(number -> new UserRequest(Work.LAYERS, "first", "first" + number)).toList()));
        ThreadProbe probe = application.bean(ThreadProbe.class);
        for (Pool pool : application.pools().all()) {
            for (Leak leak : Leak.values()) {
                pool.runOnOne(() -> probe.leak(leak));
                until("the probe finds it", probe::hasFound, () -> pool.runOnAll(probe::look));
                assertThat(probe.takeFound()).as(leak + " on " + pool).singleElement().asString().contains(leak.shown);
                until("it is removed", () -> !probe.isLeaking(), () -> pool.runOnAll(probe::clean));
            }
        }
    }
}
