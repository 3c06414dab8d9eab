package dev.scopedcontext.task;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a scope of a random program is opened with.
 *
 * @param policy the policy
 * @param name the name, or null
 * @param factory the factory of the threads, or null
 * @param timeout the timeout, or null
 */
record ScopeSettings(Scopes.Policy policy, @Nullable String name, @Nullable ThreadFactory factory,
        @Nullable Duration timeout) {

    /** A timeout that is over in {@code join}, and not before, unless the machine is too slow. */
    static final Duration WHILE_JOINING = Duration.ofMillis(150);

    static ScopeSettings random(Random random) {
        List<Scopes.Policy> policies = Scopes.policies();
        Scopes.Policy policy = policies.get(random.nextInt(policies.size()));
        Duration timeout = timeout(random.nextInt(100));
        if (policy.name().startsWith("ALL_UNTIL") && !PlainScopes.JOINERS_TIME_OUT) {
            timeout = null;
        }
        return new ScopeSettings(policy, random.nextInt(4) == 0 ? "page" : null, factory(random.nextInt(12)), timeout);
    }

    private static @Nullable Duration timeout(int chance) {
        if (chance < 18) {
            return Duration.ofMillis(chance / 6 - 1); // which is not positive, or is over at once
        }
        return chance < 24 ? Duration.ofDays(1) : chance == 24 ? WHILE_JOINING : null;
    }

    private static @Nullable ThreadFactory factory(int chance) {
        return switch (chance) {
            case 0 -> Thread::new;
            case 1 -> task -> null;
            case 2 -> new HeldThreads();
            case 3 -> task -> {
                throw new IllegalArgumentException("planted failure of the factory");
            };
            default -> null;
        };
    }

    /** Tells whether the time is up as soon as the scope is open. */
    boolean timesOutAtOnce() {
        return timeout != null && timeout.compareTo(WHILE_JOINING) < 0;
    }

    boolean timesOutWhileJoining() {
        return WHILE_JOINING.equals(timeout);
    }

    @Override
    public String toString() {
        return policy + (name == null ? "" : " named") + (factory == null ? "" : " with a factory")
                + (factory instanceof HeldThreads ? " that holds them" : "")
                + (timeout == null ? "" : " for " + timeout);
    }
}
