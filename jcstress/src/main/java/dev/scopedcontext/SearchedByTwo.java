package dev.scopedcontext;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads search a frame. One builds the table that the other one reads. Both find all bindings. */
@JCStressTest
@Outcome(id = "30, 30", expect = ACCEPTABLE, desc = "All that is bound")
@Outcome(expect = FORBIDDEN)
@State
public class SearchedByTwo {
    private static final List<ContextKey<Integer>> KEYS = new ArrayList<>();

    static {
        for (int i = 0; i < 10; i++) {
            KEYS.add(ContextKey.named("key"));
        }
    }

    private final Frame frame;

    /** Binds. */
    public SearchedByTwo() {
        Bindings all = Bindings.NONE;
        for (ContextKey<Integer> key : KEYS) {
            all = all.where(key, 1);
        }
        frame = Frame.EMPTY.plus(all);
    }

    /** Searches. */
    @Actor
    public void one(II_Result r) {
        r.r1 = found();
    }

    /** Searches. */
    @Actor
    public void other(II_Result r) {
        r.r2 = found();
    }

    private int found() {
        int found = 0;
        for (int i = 0; i < 3; i++) {
            for (ContextKey<Integer> key : KEYS) {
                found += frame.lookup(key) == Binding.ABSENT ? 0 : 1;
            }
        }
        return found;
    }
}
