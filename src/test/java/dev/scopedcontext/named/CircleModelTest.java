package dev.scopedcontext.named;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.support.PlainFork;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScopes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random graphs of resources that many threads open at once. An opener uses others in its own context or in that of a
 * snapshot, by itself, in subtasks, in forks of the JDK or through an executor. Every thread ends: with the exception
 * that shows a circle if what it uses leads into one, and with the resource otherwise.
 */
@OnEachEngine
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CircleModelTest {

    private static final int PROGRAMS = 200;
    private static final List<Way> WAYS = List.of(Way.values());

    @Test
    void everyProgramEndsAndThoseWithCirclesWithTheException() {
        long base = Long.getLong("model.seed", System.nanoTime());
        System.out.println("CircleModelTest: -Dmodel.seed=" + base);
        for (int i = 0; i < PROGRAMS; i++) {
            try {
                new Program(new Random(base + i)).run();
            } catch (Throwable failure) {
                throw new AssertionError("-Dmodel.seed=" + (base + i) + " fails in its first program", failure);
            }
        }
    }

    /** How an opener uses another resource. */
    private enum Way {

        DIRECT, SNAPSHOT, ATTACHED, CAPTURED, SUBTASKS, EXECUTOR, PLAIN_FORK
    }

    /** A use of one resource by the opener of another. */
    private record Use(Way way, boolean outside, int resource, int pause) {
    }

    /** Resources of two contexts, and threads that open them. */
    private static final class Program {

        private final Random random;
        private final NamedContext app = NamedContext.named("app");
        private final NamedContext request = NamedContext.named("request");
        private final List<ResourceKey<String>> keys = new ArrayList<>();
        private final List<List<Use>> uses = new ArrayList<>();
        private final AtomicInteger open = new AtomicInteger();

        /** Captured before anything is opened. */
        private volatile ContextSnapshot session = ContextSnapshot.empty();

        Program(Random random) {
            this.random = random;
            int resources = 2 + random.nextInt(5);
            double density = random.nextDouble() * 2 / resources;
            boolean circles = random.nextInt(3) > 0;
            for (int i = 0; i < resources; i++) {
                boolean perTask = random.nextInt(4) == 0;
                uses.add(uses(circles ? 0 : i + 1, resources, density));
                keys.add(resource(i, perTask));
            }
            for (int i = 0; i < resources; i++) { // a plain fork has nothing per task
                uses.get(i)
                        .replaceAll(use -> use.way == Way.PLAIN_FORK
                                && reaches(use.resource, key -> key.definition().isPerTask())
                                        ? new Use(Way.DIRECT, use.outside, use.resource, use.pause)
                                        : use);
            }
        }

        private List<Use> uses(int first, int resources, double density) {
            List<Use> uses = new ArrayList<>();
            for (int i = first; i < resources; i++) {
                if (random.nextDouble() < density) {
                    Way way = WAYS.get(random.nextInt(WAYS.size()));
                    uses.add(new Use(way, random.nextBoolean(), i, random.nextInt(100_000)));
                }
            }
            Collections.shuffle(uses, random);
            return uses;
        }

        private ResourceKey<String> resource(int number, boolean perTask) {
            NamedContext context = random.nextBoolean() ? app : request;
            ResourceKey<String> key = context.resource("r" + number, String.class, () -> {
                for (Use use : uses.get(number)) {
                    LockSupport.parkNanos(use.pause);
                    use(use);
                }
                open.incrementAndGet();
                return "r" + number;
            }, closed -> open.decrementAndGet());
            return perTask ? key.perTask() : key;
        }

        private void use(Use use) throws Exception {
            if (!use.outside) {
                useHere(use);
            } else if (use.way == Way.ATTACHED) {
                try (Attachment attached = session.attach()) {
                    useHere(use);
                }
            } else {
                session.call(() -> {
                    useHere(use);
                    return null;
                });
            }
        }

        private void useHere(Use use) throws Exception {
            ResourceKey<String> key = keys.get(use.resource);
            switch (use.way) {
                case SNAPSHOT -> session.call(key::get);
                case CAPTURED -> ScopedContext.capture().call(key::get);
                case SUBTASKS -> TaskScopes.par(key::get, () -> "other", String::concat);
                case EXECUTOR -> ContextExecutors.supplyAsync(key, task -> new Thread(task).start()).get();
                case PLAIN_FORK -> useInPlainFork(key);
                default -> key.get();
            }
        }

        private static void useInPlainFork(ResourceKey<String> key) {
            if (PlainFork.INHERITS) {
                PlainFork.forked(key::get);
            } else {
                key.get();
            }
        }

        void run() throws Exception {
            int threads = 2 + random.nextInt(4);
            List<FutureTask<String>> tasks = new ArrayList<>();
            List<Integer> used = new ArrayList<>();
            app.session().call(() -> request.session().call(() -> {
                session = ScopedContext.capture();
                CyclicBarrier start = new CyclicBarrier(threads);
                for (int i = 0; i < threads; i++) {
                    int resource = random.nextInt(keys.size());
                    FutureTask<String> task = new FutureTask<>(session.wrap(() -> {
                        start.await();
                        return keys.get(resource).get();
                    }));
                    new Thread(task, "user of r" + resource).start();
                    tasks.add(task);
                    used.add(resource);
                }
                for (int i = 0; i < threads; i++) {
                    check(tasks.get(i), used.get(i));
                }
                return null;
            }));
            require(open.get() == 0, "open at the end: " + open);
        }

        private void check(FutureTask<String> task, int resource) throws Exception {
            Throwable failure = null;
            try {
                String opened = task.get(20, SECONDS);
                require(opened.equals("r" + resource), opened);
            } catch (TimeoutException stuck) {
                throw new AssertionError("r" + resource + " waits for ever in " + this, stuck);
            } catch (Exception thrown) {
                failure = thrown;
            }
            boolean circle = leadsIntoACircle(resource);
            boolean shown = failure != null
                    && showsACircle(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
            if (shown != circle || (failure != null) != circle) {
                throw new AssertionError("r" + resource + " in " + this, failure);
            }
        }

        private boolean leadsIntoACircle(int from) {
            Set<Integer> reached = reached(from);
            reached.add(from);
            return reached.stream().anyMatch(each -> reached(each).contains(each));
        }

        private boolean reaches(int from, Predicate<ResourceKey<?>> condition) {
            Set<Integer> reached = reached(from);
            reached.add(from);
            return reached.stream().map(keys::get).anyMatch(condition);
        }

        /** Returns the resources that are used, directly or not, by one. */
        private Set<Integer> reached(int from) {
            Set<Integer> reached = new HashSet<>();
            Queue<Integer> next = new ArrayDeque<>(List.of(from));
            while (!next.isEmpty()) {
                for (Use use : uses.get(next.remove())) {
                    if (reached.add(use.resource)) {
                        next.add(use.resource);
                    }
                }
            }
            return reached;
        }

        private static boolean showsACircle(@Nullable Throwable failure, Set<Throwable> seen) {
            if (failure == null || !seen.add(failure)) {
                return false;
            }
            return String.valueOf(failure.getMessage()).startsWith("Resources need each other to be opened: ")
                    || showsACircle(failure.getCause(), seen);
        }

        private static void require(boolean condition, String message) {
            if (!condition) {
                throw new AssertionError(message);
            }
        }

        @Override
        public String toString() {
            return keys + " per task " + keys.stream().filter(key -> key.definition().isPerTask()).toList() + " uses "
                    + uses;
        }
    }
}
