package dev.scopedcontext.named;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScopes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random programs against a model of plain maps and lists. A program nests sessions, overlays, plain bindings,
 * attachments, snapshots and subtasks, uses resources whose openers fail now and then, and enters overlays and
 * snapshots again when their session has ended. Each step compares every value and resource with the model, each
 * end the order of closing.
 */
@OnEachEngine
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionModelTest {

    private static final int PROGRAMS = 750;
    private static final int DEEPEST = 10;
    private static final int KEYS = 3;

    /** One that stands alone, one that is sometimes given, one whose opener uses the first, one per task. */
    private static final int PLAIN = 0;
    private static final int GIVEN = 1;
    private static final int ABOVE_PLAIN = 2;
    private static final int PER_TASK = 3;

    @Test
    void randomProgramsBehaveAsTheModel() {
        long base = Long.getLong("model.seed", System.nanoTime());
        System.out.println("SessionModelTest: -Dmodel.seed=" + base);
        for (int i = 0; i < PROGRAMS; i++) {
            try {
                new Program(base + i).run();
            } catch (Throwable failure) {
                throw new AssertionError("-Dmodel.seed=" + (base + i) + " fails in its first program", failure);
            }
        }
    }

    /** An instance of a resource. */
    private static final class Instance {

        private volatile boolean closed;
    }

    /** What the opener of a resource throws. */
    private static final class NotOpened extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** What a session, or a task of it, has opened. */
    private static final class Store {

        private final Store session;
        private final Map<Integer, Instance> opened = new HashMap<>();
        private final List<Instance> inOrder = new ArrayList<>();
        private boolean ended;

        Store(@Nullable Store session) {
            this.session = session == null ? this : session;
        }

        boolean canOpen() {
            return !ended && !session.ended;
        }
    }

    /** What is bound where a part of the program runs. */
    private record Env(Map<Integer, Integer> values, Map<Integer, Instance> given, @Nullable Store session,
            @Nullable Store task) {

        static final Env NOTHING = new Env(Map.of(), Map.of(), null, null);

        Env where(Map<Integer, Integer> more) {
            Map<Integer, Integer> all = new HashMap<>(values);
            all.putAll(more);
            return new Env(all, given, session, task);
        }

        /** What another task sees of this. */
        Env ofTask() {
            return session == null ? this : new Env(values, given, session, new Store(session));
        }

        @Nullable
        Store store(int resource) {
            return resource == PER_TASK ? task : session;
        }
    }

    /** A snapshot or an overlay, to be entered later, and what it was made in. */
    private record Kept(@Nullable ContextSnapshot snapshot, @Nullable Session overlay, Env env) {
    }

    /** One program; what it does on other threads is joined at once. */
    private static final class Program {

        private final Random random;
        private final NamedContext context = NamedContext.named("context");
        private final List<ContextKey<Integer>> keys = new ArrayList<>();
        private final List<ResourceKey<Instance>> resources = new ArrayList<>();
        private final Set<Integer> failing = new HashSet<>();
        private final List<Instance> closed = new ArrayList<>();
        private final List<Kept> kept = new ArrayList<>();
        private int exits;
        private int steps = 120;

        Program(long seed) {
            this.random = new Random(seed);
            for (int i = 0; i < KEYS; i++) {
                keys.add(context.key("k" + i, Integer.class));
            }
            for (int i = PLAIN; i <= PER_TASK; i++) {
                int number = i;
                resources.add(context.resource("r" + i, Instance.class, () -> open(number), this::close));
            }
            resources.get(PER_TASK).perTask();
            context.onSessionExit(failure -> exits++);
        }

        private Instance open(int resource) {
            if (resource == ABOVE_PLAIN) {
                resources.get(PLAIN).get();
            }
            if (failing.contains(resource)) {
                throw new NotOpened();
            }
            return new Instance();
        }

        private void close(Instance instance) {
            require(!instance.closed, "closed once");
            instance.closed = true;
            closed.add(instance);
        }

        void run() throws Exception {
            block(Env.NOTHING, 0);
            require(!context.isActive(), "left");
        }

        private void block(Env env, int depth) throws Exception {
            for (int n = random.nextInt(7); n > 0 && steps > 0; n--) {
                steps--;
                check(env);
                switch (random.nextInt(depth < DEEPEST ? 12 : 4)) {
                    case 0, 1, 2 -> use(env, random.nextInt(resources.size()));
                    case 3 -> kept.add(random.nextBoolean()
                            ? new Kept(ScopedContext.capture(), null, env)
                            : new Kept(null, context.overlay(), env));
                    case 4, 5 -> session(depth);
                    case 6 -> overlay(context.overlay(), env, env, depth);
                    case 7 -> where(env, depth);
                    case 8 -> subtask(env, depth);
                    case 9 -> again(env, depth);
                    case 10 -> attached(env, depth);
                    default -> throwing(env, depth);
                }
            }
            check(env);
        }

        private void session(int depth) throws Exception {
            Map<Integer, Integer> values = someValues();
            Map<Integer, Instance> given = random.nextInt(3) == 0 ? Map.of(GIVEN, new Instance()) : Map.of();
            Store store = new Store(null);
            int before = exits;
            with(context.session(), values, given).<Object, Exception>call(() -> {
                block(new Env(values, given, store, store), depth + 1);
                before(store);
                return "done";
            });
            require(exits > before, "hooks ran");
            ended(store);
        }

        private void overlay(Session overlay, Env over, Env env, int depth) throws Exception {
            Map<Integer, Integer> values = someValues();
            Map<Integer, Instance> given = random.nextInt(3) == 0 ? Map.of(GIVEN, new Instance()) : Map.of();
            Store own = over.session == null
                    ? new Store(null)
                    : env.session == over.session ? null : new Store(over.session);
            with(overlay, values, given).<Object, Exception>call(() -> {
                block(overlaid(over.where(values), given, env, own), depth + 1);
                return "done";
            });
            if (own != null) {
                ended(own);
            }
        }

        private static Env overlaid(Env over, Map<Integer, Instance> given, Env env, @Nullable Store own) {
            if (over.session == null) {
                return new Env(over.values, given, own, own);
            }
            Map<Integer, Instance> all = new HashMap<>(over.given);
            all.putAll(given);
            return new Env(over.values, all, over.session, own == null ? env.task : own);
        }

        private void where(Env env, int depth) throws Exception {
            int key = random.nextInt(KEYS);
            int value = random.nextInt();
            ScopedContext.where(keys.get(key), value).<Object, Exception>call(() -> {
                block(env.where(Map.of(key, value)), depth + 1);
                return "done";
            });
        }

        private void subtask(Env env, int depth) throws Exception {
            Env ofTask = env.ofTask();
            TaskScopes.race(() -> {
                block(ofTask, depth + 1);
                return "done";
            });
            endedTask(ofTask);
        }

        private void again(Env env, int depth) throws Exception {
            if (kept.isEmpty()) {
                return;
            }
            Kept some = kept.get(random.nextInt(kept.size()));
            if (some.overlay != null) {
                overlay(some.overlay, some.env, env, depth);
            } else {
                Env ofTask = some.env.ofTask();
                some.snapshot.<Object, Exception>call(() -> {
                    block(ofTask, depth + 1);
                    return "done";
                });
                endedTask(ofTask);
            }
        }

        private void attached(Env env, int depth) throws Exception {
            Map<Integer, Integer> values = someValues();
            Store store = new Store(null);
            try (Attachment attachment = with(context.session(), values, Map.of()).attach()) {
                block(new Env(values, Map.of(), store, store), depth + 1);
            }
            ended(store);
            check(env);
        }

        private void throwing(Env env, int depth) throws Exception {
            Store store = new Store(null);
            NotOpened failure = new NotOpened();
            try {
                context.session().<Object, Exception>call(() -> {
                    block(new Env(Map.of(), Map.of(), store, store), depth + 1);
                    throw failure;
                });
                throw new AssertionError("does not get here");
            } catch (NotOpened thrown) {
                require(thrown == failure, "the failure of the body");
            }
            ended(store);
            check(env);
        }

        private Session with(Session session, Map<Integer, Integer> values, Map<Integer, Instance> given) {
            Session all = session;
            for (Map.Entry<Integer, Integer> value : values.entrySet()) {
                all = random.nextBoolean()
                        ? all.where(keys.get(value.getKey()), value.getValue())
                        : all.with(Map.of("k" + value.getKey(), value.getValue()));
            }
            for (Map.Entry<Integer, Instance> instance : given.entrySet()) {
                all = all.with(resources.get(instance.getKey()), instance.getValue());
            }
            return all;
        }

        private Map<Integer, Integer> someValues() {
            Map<Integer, Integer> values = new HashMap<>();
            for (int n = random.nextInt(KEYS + 1); n > 0; n--) {
                values.put(random.nextInt(KEYS), random.nextInt());
            }
            return values;
        }

        /** Uses a resource, and has the model do the same. */
        private void use(Env env, int resource) {
            if (random.nextInt(4) == 0) {
                failing.add(random.nextInt(resources.size()));
            }
            Instance expected = open(env, resource);
            Store store = env.store(resource);
            try {
                Instance instance = resources.get(resource).get();
                require(!instance.closed, "open");
                if (expected != null) {
                    require(instance == expected, "the instance that was open");
                } else {
                    require(store != null && store.canOpen() && !fails(env, resource), "opened");
                    opened(env, resource, instance);
                }
            } catch (NotOpened e) {
                require(expected == null && store != null && store.canOpen() && fails(env, resource), "not opened");
                if (resource == ABOVE_PLAIN && open(env, PLAIN) == null && !failing.contains(PLAIN)) {
                    opened(env, PLAIN, resources.get(PLAIN).get());
                }
            } catch (UnboundContextException e) {
                require(expected == null && (store == null || !store.canOpen()), "gone");
            }
            failing.clear();
        }

        private boolean fails(Env env, int resource) {
            return failing.contains(resource)
                    || (resource == ABOVE_PLAIN && open(env, PLAIN) == null && failing.contains(PLAIN));
        }

        private void opened(Env env, int resource, Instance instance) {
            if (resource == ABOVE_PLAIN && open(env, PLAIN) == null) {
                opened(env, PLAIN, resources.get(PLAIN).get());
            }
            Store store = Objects.requireNonNull(env.store(resource));
            store.opened.put(resource, instance);
            store.inOrder.add(instance);
        }

        private static @Nullable Instance open(Env env, int resource) {
            Store store = env.store(resource);
            if (store == null || store.ended) {
                return null;
            }
            Instance given = env.given.get(resource);
            return given != null ? given : store.opened.get(resource);
        }

        private static void before(Store store) {
            require(store.inOrder.stream().noneMatch(instance -> instance.closed), "nothing closed before the end");
        }

        private void endedTask(Env env) {
            if (env.task != null) {
                ended(env.task);
            }
        }

        /** Checks that what was opened was closed last, in reverse order. */
        private void ended(Store store) {
            store.ended = true;
            int n = store.inOrder.size();
            require(closed.size() >= n, "closed");
            for (int i = 0; i < n; i++) {
                require(closed.get(closed.size() - 1 - i) == store.inOrder.get(i), "closed in reverse order");
            }
            store.opened.clear();
        }

        private void check(Env env) {
            for (int i = 0; i < KEYS; i++) {
                require(Objects.equals(keys.get(i).orElse(null), env.values.get(i)), "value of k" + i);
            }
            for (int i = PLAIN; i <= PER_TASK; i++) {
                Store store = env.store(i);
                boolean isOpen = open(env, i) != null;
                require(resources.get(i).isOpen() == isOpen, "open r" + i);
                require(resources.get(i).isBound() == (isOpen || (store != null && store.canOpen())), "bound r" + i);
            }
            require(context.isActive() == (env.session != null && !env.session.ended), "active");
        }

        private static void require(boolean condition, String what) {
            if (!condition) {
                throw new AssertionError(what);
            }
        }
    }
}
