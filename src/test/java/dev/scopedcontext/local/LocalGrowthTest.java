package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Work that goes on from one managed scope to the next keeps none of those that it has left. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class LocalGrowthTest {

    private final Local local = Local.named("job");
    private final LocalManager manager = LocalManager.of(local);

    @Test
    void scopeThatWasOpenedInsideAnotherDoesNotKeepIt() throws Exception {
        List<WeakReference<OpenScope>> closed = new ArrayList<>();
        OpenScope scope = manager.open();
        for (int i = 0; i < 10; i++) {
            OpenScope last = scope;
            scope = last.call(() -> {
                local.set("data", new byte[100]);
                return manager.open();
            });
            last.close();
            closed.add(new WeakReference<>(last));
        }
        awaitCleared(closed);
        scope.close();
    }

    @Test
    void scopesThatOpenTheNextOneFromInsideNeverOverflowTheStack() {
        OpenScope scope = manager.open();
        for (int i = 0; i < 50_000; i++) {
            OpenScope last = scope;
            scope = last.call(manager::open);
            last.close();
        }
        scope.run(() -> {
            try (Stream<String> rows = ManagedSupplier.of(manager, () -> Stream.of("a", "b")).get()) {
                assertThat(ContextSnapshot.empty().<List<String>, RuntimeException>call(rows::toList))
                        .containsExactly("a", "b");
            }
        });
        scope.close();
    }

    @Test // M11
    void workThatHandsItselfOnFromScopeToScopeDragsNothingAlong() {
        LocalManager other = LocalManager.of();
        ContextSnapshot last = ContextSnapshot.empty();
        for (int i = 0; i < 10_000; i++) {
            last = last.call(() -> manager.call(() -> other.call(ScopedContext::capture)));
        }
        last.run(() -> {
            assertThat(ManagedScopes.KEY.get().handedOver().size()).isLessThanOrEqualTo(9);
            assertThat(manager.contextId()).isNotEqualTo(other.contextId()).startsWith("scope-");
            assertThat(other.contextId()).startsWith("scope-");
        });
    }

    @Test // M11
    void workThatMakesAManagerInEachTaskDragsNoneOfThemAlong() {
        ContextSnapshot last = ContextSnapshot.empty();
        int longest = 0;
        for (int i = 1; i <= 50_000; i++) {
            last = last.call(() -> manager.call(() -> LocalManager.of(local).call(ScopedContext::capture)));
            if (i % 5_000 == 0) {
                System.gc();
                longest = Math.max(longest, last.<Integer, RuntimeException>call(
                        () -> ManagedScopes.KEY.get().handedOver().size()));
            }
        }
        assertThat(longest).isLessThan(40_000);
        assertThat(last.<String, RuntimeException>call(manager::contextId)).startsWith("scope-").contains("/task-");
    }

    @Test // M11
    void managersThatCanStillBeAskedKeepTheirIdsInTheTask() {
        List<LocalManager> managers = new ArrayList<>();
        List<String> scopes = new ArrayList<>();
        ContextSnapshot last = ContextSnapshot.empty();
        for (int i = 0; i < 100; i++) {
            LocalManager next = LocalManager.of(local);
            managers.add(next);
            last = last.call(() -> next.call(() -> {
                scopes.add(next.contextId());
                return ScopedContext.capture();
            }));
        }
        List<String> ids = new ArrayList<>();
        last.run(() -> managers.forEach(asked -> ids.add(asked.contextId())));
        String task = ids.get(0).substring(ids.get(0).indexOf('/'));
        assertThat(ids).containsExactlyElementsOf(scopes.stream().map(id -> id + task).toList());
        assertThat(managers).hasSize(100);
    }

    private static void awaitCleared(List<? extends WeakReference<?>> references) throws InterruptedException {
        for (int i = 0; i < 100 && !references.stream().allMatch(reference -> reference.refersTo(null)); i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(references).allMatch(reference -> reference.refersTo(null));
    }
}
