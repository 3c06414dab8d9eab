package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.task.StructureViolationException;
import dev.scopedcontext.task.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Marking a scope as failed although its body returns. */
@ExtendWith(CleanThread.class)
class MarkFailedTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private final Exception handled = new Exception("handled");

    private final List<String> told = new ArrayList<>();

    private void hook(String name) {
        ScopedContext.onExit(failure -> told.add(name + " " + message(failure)));
    }

    private static String message(@Nullable Throwable failure) {
        return failure == null ? "-" : failure.getMessage();
    }

    private static String process(String request) {
        throw new IllegalArgumentException(request);
    }

    @Test
    void exceptionHandlerTellsTheHooks() {
        AtomicReference<String> transaction = new AtomicReference<>();
        String request = "bad request";
        String response = ScopedContext.where(USER, "alice").call(() -> {
            ScopedContext.onExit(failure -> transaction.set(failure == null ? "commit" : "rollback"));
            // @start region="markFailed"
            try {
                return process(request);
            } catch (IllegalArgumentException failure) {
                ScopedContext.markFailed(failure); // the transaction rolls back
                return "400 " + failure.getMessage();
            }
            // @end
        });
        assertThat(response).isEqualTo("400 bad request");
        assertThat(transaction).hasValue("rollback");
    }

    @Test
    void hooksOfTheScopeAndOfThoseAroundAreTold() {
        String result = ScopedContext.where(USER, "outer").call(() -> {
            hook("outer");
            String inner = ScopedContext.where(USER, "inner").call(() -> {
                hook("before");
                ScopedContext.markFailed(handled);
                hook("after");
                return "returned";
            });
            assertThat(told).containsExactly("after handled", "before handled");
            ScopedContext.where(USER, "sibling").run(() -> hook("sibling"));
            return inner;
        });
        assertThat(result).isEqualTo("returned");
        assertThat(told).containsExactly("after handled", "before handled", "sibling -", "outer handled");
        ScopedContext.where(USER, "next").run(() -> hook("next"));
        assertThat(told).endsWith("next -");
    }

    @Test
    void hooksOfSessionsAroundAreTold() {
        NamedContext request = NamedContext.named("request").onSessionExit(failure -> told.add(message(failure)));
        request.session().run(() -> ScopedContext.where(USER, "alice").run(() -> ScopedContext.markFailed(handled)));
        assertThat(told).containsExactly("handled");
        request.session().run(() -> {
        });
        assertThat(told).containsExactly("handled", "-");
    }

    @Test
    void openScopeIsToldWhatAPieceWasMarkedWith() {
        NamedContext request = NamedContext.named("request").onSessionExit(failure -> told.add(message(failure)));
        OpenScope scope = request.session().open();
        scope.run(() -> ScopedContext.where(USER, "alice").run(() -> ScopedContext.markFailed(handled)));
        scope.run(() -> hook("next piece"));
        scope.close();
        assertThat(told).containsExactly("next piece -", "handled");
    }

    @Test
    void attachmentIsMarkedAloneAndThenTheScopeAroundIt() {
        ScopedContext.where(USER, "outer").run(() -> {
            hook("outer");
            try (Attachment first = ScopedContext.where(USER, "first").attach()) {
                hook("first");
                try (Attachment second = ScopedContext.where(USER, "second").attach()) {
                    hook("second");
                    ScopedContext.markFailed(handled);
                }
                assertThat(told).containsExactly("second handled");
                try (Attachment third = ScopedContext.where(USER, "third").attach()) {
                    hook("third");
                }
            }
            assertThat(told).containsExactly("second handled", "third -", "first handled");
        });
        assertThat(told).endsWith("outer handled");
    }

    @Test
    void outermostAttachmentIsMarked() {
        try (Attachment attachment = ScopedContext.where(USER, "alice").attach()) {
            hook("attachment");
            ScopedContext.where(USER, "bob").run(() -> ScopedContext.markFailed(handled));
        }
        assertThat(told).containsExactly("attachment handled");
    }

    @Test
    void markDoesNotPassTheEndOfACapturedContext() {
        ScopedContext.where(USER, "alice").run(() -> {
            hook("around");
            ScopedContext.capture().run(() -> {
                hook("task");
                ScopedContext.markFailed(handled);
            });
        });
        assertThat(told).containsExactly("task handled", "around -");
    }

    @Test
    void exceptionOfTheBodyGoesBeforeTheMark() {
        assertThatThrownBy(() -> ScopedContext.where(USER, "alice").run(() -> {
            hook("body");
            ScopedContext.markFailed(handled);
            throw new IllegalStateException("thrown");
        })).hasMessage("thrown").hasSuppressedException(handled);
        assertThat(told).containsExactly("body thrown");
    }

    @Test
    void hookMarksForThoseBeforeItAndForTheScopeAround() {
        ScopedContext.where(USER, "outer").run(() -> {
            hook("outer");
            ScopedContext.where(USER, "inner").run(() -> {
                hook("transaction");
                ScopedContext.onExit(failure -> ScopedContext.markFailed(handled)); // such as a flush that fails
                hook("last");
            });
            try (Attachment attachment = ScopedContext.where(USER, "attached").attach()) {
                hook("attachment");
                ScopedContext.onExit(failure -> ScopedContext.markFailed(handled));
            }
        });
        assertThat(told).containsExactly("last -", "transaction handled", "attachment handled", "outer handled");
    }

    @Test
    void markDoesNotHideMisuse() {
        KeyMirror<String> failing = new KeyMirror<>() {
            @Override
            public Runnable show(String value) {
                return () -> {
                    throw new IllegalStateException("undo");
                };
            }

            @Override
            public Runnable hide() {
                return () -> {
                };
            }
        };
        ContextKey<String> mirrored = ContextKey.<String>builder("mirrored").mirror(failing).build();
        assertThatThrownBy(() -> ScopedContext.where(mirrored, "shown").run(() -> {
            hook("body");
            ScopedContext.markFailed(handled);
        })).hasMessage("undo");
        assertThatThrownBy(() -> ScopedContext.where(USER, "alice").run(() -> {
            TaskScope.open();
            ScopedContext.markFailed(handled);
        })).isInstanceOf(StructureViolationException.class);
        assertThat(told).containsExactly("body handled");
        assertThat(handled).hasNoSuppressedExceptions();
    }

    @Test
    void markIsSuppressedIntoWhatIsThrownAtTheEnd() {
        assertThatThrownBy(() -> ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.anchor(failure -> {
                throw new IllegalStateException("anchor");
            });
            ScopedContext.markFailed(handled);
        })).hasMessage("anchor").hasSuppressedException(handled);
        assertThatThrownBy(() -> ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.onExit(failure -> ScopedContext.markFailed(handled));
            throw new IllegalStateException("body");
        })).hasMessage("body").hasSuppressedException(handled);
        assertThatThrownBy(() -> ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.onExit(failure -> ScopedContext.markFailed(handled));
            ScopedContext.onExit(failure -> {
                throw new IllegalStateException("hook");
            });
        })).hasMessage("hook").hasSuppressedException(handled);
    }

    @Test
    void markThatIsThrownAfterAnotherIsNotSuppressedInACircle() {
        IllegalStateException thrown = new IllegalStateException("thrown");
        assertThatThrownBy(() -> ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.markFailed(handled);
            ScopedContext.markFailed(thrown);
            throw thrown;
        })).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(handled).hasSuppressedException(thrown);
    }

    @Test
    void markOfAPieceThatIsThrownAfterAnotherIsNotSuppressedInACircle() {
        IllegalStateException thrown = new IllegalStateException("thrown");
        OpenScope scope = OpenScope.sharing(NamedContext.named("request").session().open());
        assertThatThrownBy(() -> scope.run(() -> {
            ScopedContext.markFailed(handled);
            ScopedContext.markFailed(thrown);
            throw thrown;
        })).isSameAs(thrown);
        scope.close(thrown);
        assertThat(thrown).hasNoSuppressedExceptions();
        assertThat(handled).hasSuppressedException(thrown);
    }

    /** As a framework does with an exception that no handler has turned into a response. */
    @Test
    void markIsNotSuppressedIntoAnExceptionThatWrapsIt() {
        IllegalStateException wrapper = new IllegalStateException("wrapper", new Exception("between", handled));
        List<@Nullable Throwable> failures = new ArrayList<>();
        NamedContext request = NamedContext.named("request").onSessionExit(failures::add);
        OpenScope scope = OpenScope.sharing(request.session().open());
        assertThatThrownBy(() -> scope.run(() -> ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.markFailed(handled);
            throw wrapper;
        }))).isSameAs(wrapper);
        scope.close(wrapper);
        assertThat(failures).containsExactly(wrapper);
        assertThat(wrapper).hasNoSuppressedExceptions();
        assertThat(handled).hasNoSuppressedExceptions();
    }

    @Test
    void wrapperIsNotSuppressedIntoTheMarkThatItWraps() {
        IllegalStateException wrapper = new IllegalStateException("wrapper", handled);
        Exception other = new Exception("other");
        OpenScope scope = OpenScope.sharing(NamedContext.named("request").session().open());
        scope.run(() -> {
            ScopedContext.markFailed(handled);
            ScopedContext.markFailed(wrapper);
            ScopedContext.markFailed(other);
        });
        scope.run(() -> ScopedContext.markFailed(wrapper));
        scope.close();
        assertThat(handled.getSuppressed()).containsExactly(other);
        assertThat(wrapper).hasNoSuppressedExceptions();
    }

    @Test
    void markIsSuppressedAfterAFailureWhoseCausesAreACircle() {
        Exception cause = new Exception("cause");
        IllegalStateException thrown = new IllegalStateException("thrown", cause);
        cause.initCause(thrown);
        assertThatThrownBy(() -> ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.markFailed(handled);
            throw thrown;
        })).isSameAs(thrown).hasSuppressedException(handled);
    }

    @Test
    void attachmentThatIsLeftOpenKeepsTheFirstMark() {
        Exception first = new Exception("first");
        try (LogLines lines = LogLines.capture()) {
            ScopedContext.where(USER, "alice").run(() -> {
                hook("body");
                ScopedContext.markFailed(first);
                Attachment left = ScopedContext.where(USER, "attached").attach();
                assertThat(left).isNotNull();
                ScopedContext.markFailed(handled);
            });
            assertThat(lines.messages()).hasSize(1);
        }
        assertThat(told).containsExactly("body first");
        assertThat(first).hasSuppressedException(handled);
    }

    @Test
    void failuresOfHooksAreSuppressedIntoTheMark() {
        IllegalStateException ofHook = new IllegalStateException("hook");
        IllegalStateException ofSession = new IllegalStateException("session");
        NamedContext request = NamedContext.named("request").onSessionExit(failure -> {
            throw ofSession;
        });
        String result = request.session().call(() -> {
            ScopedContext.onExit(failure -> {
                throw ofHook;
            });
            ScopedContext.markFailed(handled);
            return "returned";
        });
        assertThat(result).isEqualTo("returned");
        assertThat(handled.getSuppressed()).containsExactly(ofHook, ofSession);
    }

    @Test
    void firstMarkIsKept() {
        Exception first = new Exception("first");
        Exception second = new Exception("second");
        ScopedContext.where(USER, "alice").run(() -> {
            hook("body");
            ScopedContext.markFailed(first);
            ScopedContext.markFailed(second);
            ScopedContext.markFailed(first);
        });
        assertThat(told).containsExactly("body first");
        assertThat(first).hasSuppressedException(second);
    }

    @Test
    void scopeOfOnesOwnIsNeeded() {
        assertThatThrownBy(() -> ScopedContext.markFailed(handled)).isInstanceOf(IllegalStateException.class)
                .hasMessage("markFailed(failure) was called on " + Thread.currentThread() + " outside of any scope:"
                        + " call it inside ScopedContext.where(...).run(...), or while an attachment is open");
        assertThatThrownBy(() -> ScopedContext.markFailed(null)).isInstanceOf(NullPointerException.class)
                .hasMessage("failure");
    }
}
