package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.proxy.ContextProxies;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the typed handle of a value does, and a proxy of it. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class LocalVarTest {

    private final Local local = Local.named("web");
    private final LocalVar<String> user = local.var("user", String.class);

    @AfterEach
    void removeAll() {
        local.clear();
    }

    @Test
    void isReadInEachWay() {
        assertThat(user.isSet()).isFalse();
        assertThat(user.isBound()).isFalse();
        assertThat(user.find()).isEmpty();
        assertThat(user.orElse("nobody")).isEqualTo("nobody");
        user.set("alice");
        assertThat(user.isSet()).isTrue();
        assertThat(user.isBound()).isTrue();
        assertThat(user.get()).isEqualTo("alice");
        assertThat(user.find()).contains("alice");
        assertThat(user.orElse("nobody")).isEqualTo("alice");
        assertThat(user.remove()).isTrue();
        assertThat(user.remove()).isFalse();
        assertThat(user.isBound()).isFalse();
    }

    @Test // L4
    void gettingWhatIsNotSetThrowsAnExceptionThatNamesIt() {
        assertThatThrownBy(user::get).isInstanceOf(UnboundContextException.class)
                .hasMessageStartingWith("'user' is not set in Local[web]");
    }

    @Test // L9
    void nullIsAValue() {
        user.set(null);
        assertThat(user.isBound()).isTrue();
        assertThat(user.get()).isNull();
        assertThat(user.orElse("nobody")).isNull();
        assertThat(user.find()).isEmpty();
        assertThat(user.computeIfAbsent(() -> "computed")).isNull();
    }

    @Test
    void computesOnceAndSets() {
        assertThat(user.computeIfAbsent(() -> "alice")).isEqualTo("alice");
        assertThat(user.computeIfAbsent(() -> "bob")).isEqualTo("alice");
        assertThat(user.get()).isEqualTo("alice");
    }

    @Test
    void isTheValueOfThatName() {
        local.set("user", "alice");
        assertThat(user.get()).isEqualTo("alice");
        user.set("bob");
        assertThat(local.get("user")).isEqualTo("bob");
        assertThat(local.get(String.join("", "us", "er"))).isEqualTo("bob");
        assertThat(local.asMap().keySet()).containsExactly("user");
    }

    @Test
    void sameNameAndTypeIsTheSameHandle() {
        assertThat(local.var("user", String.class)).isSameAs(user);
        assertThat(Local.named("web").var("user", String.class)).isNotSameAs(user);
    }

    @Test
    void sameNameWithAnotherTypeIsRefused() {
        assertThatThrownBy(() -> local.var("user", Integer.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'user' of Local[web] is declared as java.lang.String, not as java.lang.Integer: use one"
                        + " type, or two names");
    }

    @Test
    void variableWithoutATypeIsOfAnyTypeThatTheCallerNames() {
        LocalVar<Set<String>> roles = local.var("roles");
        roles.set(Set.of("admin"));
        Set<String> found = roles.get();
        assertThat(found).containsExactly("admin");
        local.set("roles", 7);
        assertThat(local.get("roles")).isEqualTo(7);
        assertThat(local.<Set<String>>var("roles")).isSameAs(roles);
        assertThat(roles).hasToString("LocalVar[web.roles]");
    }

    @Test
    void declarationsMayAddATypeInAnyOrder() {
        LocalVar<List<String>> untyped = local.var("notes");
        List<String> proxy = notes();
        untyped.set(new ArrayList<>(List.of("first")));
        assertThat(proxy).containsExactly("first");
        assertThatThrownBy(() -> local.set("notes", 7)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'notes' of Local[web] is declared as java.util.List and cannot be set to a"
                        + " java.lang.Integer");
        LocalVar<List<String>> again = local.var("notes");
        assertThat(again.get()).isSameAs(untyped.get());
        assertThatThrownBy(() -> local.var("notes", String.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'notes' of Local[web] is declared as java.util.List, not as java.lang.String: use one"
                        + " type, or two names");
        assertThatThrownBy(() -> local.set("notes", 7)).isInstanceOf(IllegalArgumentException.class);
    }

    @SuppressWarnings("unchecked")
    private List<String> notes() {
        return local.proxy("notes", List.class);
    }

    @Test
    void declaringATypeThatTheValueIsNotOfIsRefusedAlsoIfThereWasNoneBefore() {
        LocalVar<Integer> count = local.var("count");
        count.set(7);
        assertThatThrownBy(() -> local.var("count", String.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'count' of Local[web] is set to a java.lang.Integer and cannot be declared as"
                        + " java.lang.String: use one type, or two names");
        count.set(8);
    }

    @Test
    void declarationsMayAddAHandOffInAnyOrderButNotAnother() {
        HandOff<String> drop = HandOff.drop();
        local.var("user", String.class, drop);
        assertThat(local.var("user", String.class)).isSameAs(local.var("user", String.class, drop));
        assertThatThrownBy(() -> local.var("user", String.class, HandOff.inherit()))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("'user' of Local[web] is declared with another"
                        + " hand-off: declare it once, in a static field");
        AtomicInteger opened = new AtomicInteger();
        HandOff<String> counting = HandOff.perTask(captured -> captured + opened.incrementAndGet(), closed -> {
        });
        LocalVar<String> tenant = local.var("tenant");
        local.var("tenant", String.class, counting);
        local.var("tenant", String.class, counting);
        LocalManager.of(local).run(() -> {
            user.set("alice");
            tenant.set("acme");
            ScopedContext.capture().run(() -> {
                assertThat(user.isSet()).isFalse();
                assertThat(tenant.get()).isEqualTo("acme1");
            });
        });
        assertThat(opened).hasValue(1);
    }

    @Test
    void settingByNameWhatIsNotOfTheTypeIsRefused() {
        assertThatThrownBy(() -> local.set("user", 7)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'user' of Local[web] is declared as java.lang.String and cannot be set to a"
                        + " java.lang.Integer");
        assertThatThrownBy(() -> local.computeIfAbsent("user", name -> 7)).isInstanceOf(IllegalArgumentException.class);
        assertThat(user.isBound()).isFalse();
        local.set("user", null);
        assertThat(user.isBound()).isTrue();
    }

    @Test
    void declaringWhatIsSetToAnotherTypeIsRefused() {
        local.set("count", "seven");
        assertThatThrownBy(() -> local.var("count", int.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'count' of Local[web] is set to a java.lang.String and cannot be declared as int: use one"
                        + " type, or two names");
        assertThat(local.var("count", String.class).get()).isEqualTo("seven");
        local.set("note", null);
        assertThat(local.var("note", String.class).get()).isNull();
    }

    @Test
    void proxyThatCannotBeMadeDeclaresNothing() {
        assertThatThrownBy(() -> local.proxy("count", Integer.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Integer");
        local.set("count", "seven");
        assertThat(local.var("count", String.class).get()).isEqualTo("seven");
    }

    @Test
    void primitiveTypeMeansItsBox() {
        LocalVar<Integer> count = local.var("count", int.class);
        local.set("count", 7);
        assertThat(count.get()).isEqualTo(7);
        assertThatThrownBy(() -> local.set("count", "seven")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("declared as int and");
    }

    @Test // P1, P3
    @SuppressWarnings("unchecked")
    void proxyForwardsToWhatIsSetWhenItIsCalled() {
        List<String> notes = local.proxy("notes", List.class);
        assertThat(ContextProxies.isProxy(notes)).isTrue();
        assertThat(ContextProxies.isBound(notes)).isFalse();
        List<String> first = new ArrayList<>();
        local.set("notes", first);
        notes.add("one");
        assertThat(ContextProxies.unwrap(notes)).isSameAs(first);
        List<String> second = new ArrayList<>(List.of("two"));
        local.set("notes", second);
        assertThat(notes.get(0)).isEqualTo("two");
        assertThat(first).containsExactly("one");
        local.remove("notes");
        assertThat(ContextProxies.isBound(notes)).isFalse();
        assertThatThrownBy(notes::size).isInstanceOf(UnboundContextException.class)
                .hasMessageStartingWith("'notes' is not set in Local[web]");
    }

    @Test
    void proxyOfAnotherTypeThanDeclaredIsRefused() {
        assertThatThrownBy(() -> local.proxy("user", Runnable.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is declared as java.lang.String, not as java.lang.Runnable");
    }

    @Test
    void showsItsNameAndNoValue() {
        user.set("secret");
        assertThat(user).hasToString("LocalVar[web.user]");
        assertThat(user.name()).isEqualTo("user");
    }
}
