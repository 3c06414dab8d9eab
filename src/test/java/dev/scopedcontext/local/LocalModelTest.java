package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random trees of contexts against a model in which each node has a map and a list of its own: subtasks that run at
 * the same time as each other and as their parent, wrapped tasks, tasks of executors with one thread, nested managed
 * scopes and bindings. In each of them values are set, removed, pushed, popped and cleared in between, and everything
 * is compared with the model after each step.
 */
@OnEachEngine
@ExtendWith({CleanThread.class, CleanLocals.class})
class LocalModelTest {

    private static final int PROGRAMS = 75;
    private static final int DEEPEST = 5;
    private static final ContextKey<Integer> KEY = ContextKey.named("key");

    private final Local local = Local.named("web");
    private final LocalVar<Integer> var = local.var("n0", Integer.class);
    private final LocalStack<Integer> stack = LocalStack.named("stack");
    private final LocalManager both = LocalManager.of(local, stack);
    private final LocalManager ofLocal = LocalManager.of(local);

    @Test // L10, S6, S7, L16
    void randomTreesBehaveAsTheModel() throws Exception {
        long base = Long.getLong("model.seed", System.nanoTime());
        System.out.println("LocalModelTest: -Dmodel.seed=" + base);
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < PROGRAMS; i++) {
                Node root = new Node(base + i, one);
                try {
                    both.<Integer, Exception>call(() -> root.steps(0));
                    assertThat(one.submit(this::left).get()).isEmpty();
                } catch (Throwable failure) {
                    throw new AssertionError("-Dmodel.seed=" + (base + i) + " fails in its first program", failure);
                }
            }
        } finally {
            one.shutdown();
        }
    }

    private List<Object> left() throws ReflectiveOperationException {
        List<Object> left = CleanLocals.left(local);
        left.addAll(CleanLocals.left(stack));
        return left;
    }

    /** A context: what it should see, and what it does. */
    private final class Node {

        private final Random random;
        /** An executor with one thread, or null where that thread is what this runs on. */
        private final @Nullable ExecutorService one;
        private final Map<String, Object> values = new HashMap<>();
        private final Deque<Integer> pushed = new ArrayDeque<>();

        Node(long seed, @Nullable ExecutorService one) {
            this.random = new Random(seed);
            this.one = one;
        }

        private Node copy(@Nullable ExecutorService executor) {
            Node copy = new Node(random.nextLong(), executor);
            copy.values.putAll(values);
            copy.pushed.addAll(pushed);
            return copy;
        }

        int steps(int depth) throws Exception {
            check();
            for (int n = random.nextInt(14); n > 0; n--) {
                if (random.nextInt(3) > 0 || depth == DEEPEST) {
                    change();
                } else {
                    descend(depth + 1);
                }
                check();
            }
            return 0;
        }

        private void change() {
            String name = "n" + random.nextInt(20);
            int value = random.nextInt(1_000);
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                    local.set(name, value);
                    values.put(name, value);
                }
                case 3 -> {
                    var.set(value);
                    values.put("n0", value);
                }
                case 4 -> {
                    local.set(name, null);
                    values.put(name, null);
                }
                case 5, 6 -> {
                    assertThat(local.remove(name)).isEqualTo(values.containsKey(name));
                    values.remove(name);
                }
                case 7, 8 -> {
                    pushed.push(value);
                    assertThat(stack.push(value)).isEqualTo(pushed.size());
                }
                case 9, 10 -> assertThat(stack.pop().orElse(null)).isEqualTo(pushed.poll());
                default -> {
                    both.cleanup();
                    values.clear();
                    pushed.clear();
                }
            }
        }

        private void descend(int depth) throws Exception {
            switch (random.nextInt(7)) {
                case 0 -> ScopedContext.where(KEY, depth).<Integer, Exception>call(() -> steps(depth));
                case 1 -> {
                    Node fresh = new Node(random.nextLong(), one);
                    both.<Integer, Exception>call(() -> fresh.steps(depth));
                }
                case 2 -> partlyFresh(depth);
                case 3 -> wrapped(depth);
                case 4 -> inExecutor(depth);
                default -> forked(depth);
            }
        }

        /** A managed scope of the local alone: the stack in it is the one around. */
        private void partlyFresh(int depth) throws Exception {
            Node fresh = new Node(random.nextLong(), one);
            fresh.pushed.addAll(pushed);
            ofLocal.<Integer, Exception>call(() -> fresh.steps(depth));
            pushed.clear();
            pushed.addAll(fresh.pushed);
        }

        /** Changes between capture and run are not seen; two runs do not see each other. */
        private void wrapped(int depth) throws Exception {
            ContextSnapshot now = ScopedContext.capture();
            Node first = copy(one);
            Node second = copy(one);
            change();
            now.<Integer, Exception>call(() -> first.steps(depth));
            now.<Integer, Exception>call(() -> second.steps(depth));
        }

        private void inExecutor(int depth) throws Exception {
            if (one == null) {
                return;
            }
            Node child = copy(null);
            var task = ContextExecutors.propagating(one).submit(() -> child.steps(depth));
            change();
            task.get();
        }

        /** Subtasks begin with what was set when the scope was opened, and run at the same time. */
        private void forked(int depth) throws Exception {
            List<Node> children = new ArrayList<>();
            for (int n = random.nextInt(3); n >= 0; n--) {
                children.add(copy(null));
            }
            try (var scope = TaskScope.open(Joiner.<Integer>allSuccessfulOrThrow())) {
                for (Node child : children) {
                    scope.fork(() -> child.steps(depth));
                    change();
                }
                check();
                scope.join();
            }
        }

        /** With no assertion library where all is well, since this is most of the test's work. */
        private void check() {
            boolean right = local.asMap().equals(values) && stack.size() == pushed.size()
                    && stack.peek().equals(pushed.stream().findFirst())
                    && var.isBound() == values.containsKey("n0");
            for (int i = 0; i < 20 && right; i++) {
                right = Objects.equals(local.orElse("n" + i, KEY), values.getOrDefault("n" + i, KEY));
            }
            if (!right) {
                throw new AssertionError(local.asMap() + " should be " + values + ", and " + stack.size() + " with "
                        + stack.peek() + " on top should be " + pushed);
            }
        }
    }
}
