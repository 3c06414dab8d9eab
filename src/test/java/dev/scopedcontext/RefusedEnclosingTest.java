package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.Shown;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** X3c: both nested scopes end, even if entering or leaving the outer one fails. */
@ExtendWith(CleanThread.class)
class RefusedEnclosingTest {

    private final Shown shown = new Shown();
    private final ContextKey<String> user = ContextKey.<String>builder("user").mirror(shown).build();
    private final IllegalStateException refusal = new IllegalStateException("the logger is down");
    private final List<String> events = new ArrayList<>();

    private final ScopeOpener transaction = new Transaction();
    private final ScopeOpener both = new Observed(ScopedContext.where(user, "alice")).enclosing(() -> transaction);

    @Test
    void innerScopeIsClosedOutsideOfAnOuterOneThatRefuses() {
        OpenScope scope = both.open();
        shown.failsToShow.set(refusal);
        assertThatThrownBy(scope::close).isSameAs(refusal);
        scope.close();
        assertThat(events).containsExactly("open inner", "close inner null the logger is down",
                "close outer the logger is down");
        assertThat(refusal.getSuppressed()).isEmpty();
    }

    @Test
    void refusalIsSuppressedIntoTheFailureOfTheWork() {
        OpenScope scope = both.open();
        shown.failsToShow.set(refusal);
        Exception work = new Exception("work");
        scope.close(work);
        assertThat(events).containsExactly("open inner", "close inner null work", "close outer work");
        assertThat(work.getSuppressed()).containsExactly(refusal);
    }

    @Test
    void threeScopesEndWhereTheMiddleOneRefuses() {
        OpenScope scope = new Observed(ScopedContext.without()).enclosing(() -> both).open();
        shown.failsToShow.set(refusal);
        assertThatThrownBy(scope::close).isSameAs(refusal);
        assertThat(events).containsExactly("open inner", "close inner null the logger is down",
                "close outer the logger is down", "close outer the logger is down");
    }

    @Test
    void bothScopesEndWhereTheOuterOneCannotBeLeftWhenTheInnerOneIsOpen() {
        shown.failsToRestore.set(refusal);
        assertThatThrownBy(both::open).isSameAs(refusal);
        assertThat(events).containsExactly("open inner", "close inner alice the logger is down",
                "close outer the logger is down");
    }

    @Test
    void outerScopeEndsWhereItRefusesBeforeTheInnerOneIsOpened() {
        shown.failsToShow.set(refusal);
        assertThatThrownBy(both::open).isSameAs(refusal);
        assertThat(events).containsExactly("close outer the logger is down");
    }

    private static String message(@Nullable Throwable failure) {
        return failure == null ? "well" : failure.getMessage();
    }

    /** Records its end. */
    private final class Observed implements ScopeOpener {

        private final ScopeOpener bindings;

        Observed(ScopeOpener bindings) {
            this.bindings = bindings;
        }

        @Override
        public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
            return bindings.<R, X>call(op);
        }

        @Override
        public OpenScope open() {
            OpenScope open = bindings.open();
            return new OpenScope() {
                @Override
                public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op)
                        throws X {
                    return open.<R, X>call(op);
                }

                @Override
                public void close(@Nullable Throwable failure) {
                    events.add("close outer " + message(failure));
                    open.close(failure);
                }
            };
        }
    }

    /** Records its beginning and its end, and the bindings at both. */
    private final class Transaction implements ScopeOpener {

        @Override
        public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
            return op.call();
        }

        @Override
        public OpenScope open() {
            events.add("open inner");
            return new OpenScope() {
                @Override
                public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op)
                        throws X {
                    return op.call();
                }

                @Override
                public void close(@Nullable Throwable failure) {
                    events.add("close inner " + shown.value.get() + " " + message(failure));
                }
            };
        }
    }
}
