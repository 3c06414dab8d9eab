package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.proxy.ContextProxies;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a {@link LocalStack} does, and its proxies. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class LocalStackTest {

    private final LocalStack<CharSequence> stack = LocalStack.named("pages");

    @AfterEach
    void removeAll() {
        stack.clear();
    }

    @Test // S1
    void emptyStackHasNoTop() {
        assertThat(stack.peek()).isEmpty();
        assertThat(stack.size()).isZero();
        assertThatThrownBy(stack::top).isInstanceOf(UnboundContextException.class)
                .hasMessageStartingWith("LocalStack[pages] is empty on " + Thread.currentThread())
                .hasMessageContaining("push an element earlier in the same LocalManager.run");
    }

    @Test // S2, S3
    void lastPushedIsFirstPopped() {
        stack.push("a");
        stack.push("b");
        assertThat(stack.top()).isEqualTo("b");
        assertThat(stack.peek()).contains("b");
        assertThat(stack.pop()).contains("b");
        assertThat(stack.pop()).contains("a");
        assertThat(stack.pop()).isEmpty();
        assertThat(stack.pop()).isEmpty();
    }

    @Test // S4
    void proxyMadeBeforeAnyPushFollowsTheTop() {
        CharSequence top = stack.proxy(CharSequence.class);
        assertThat(ContextProxies.isBound(top)).isFalse();
        stack.push("a");
        assertThat(top.length()).isEqualTo(1);
        stack.push("long");
        assertThat(top.length()).isEqualTo(4);
        assertThat(ContextProxies.unwrap(top)).isEqualTo("long");
        stack.pop();
        assertThat(top.length()).isEqualTo(1);
        stack.pop();
        assertThat(ContextProxies.isBound(top)).isFalse();
        assertThatThrownBy(top::length).isInstanceOf(UnboundContextException.class)
                .hasMessageStartingWith("LocalStack[pages] is empty");
    }

    @Test // S5
    @SuppressWarnings("NullAway")
    void nullIsRefused() {
        assertThatThrownBy(() -> stack.push(null)).isInstanceOf(NullPointerException.class).hasMessage("element");
        assertThat(stack.size()).isZero();
    }

    @Test // S8
    void pushReturnsTheNewDepth() {
        assertThat(stack.push("a")).isEqualTo(1);
        assertThat(stack.push("b")).isEqualTo(2);
        assertThat(stack.size()).isEqualTo(2);
        stack.pop();
        assertThat(stack.push("c")).isEqualTo(2);
    }

    @Test // S9
    @SuppressWarnings("unchecked")
    void proxyOfAPartFollowsTheTop() {
        LocalStack<Page> pages = LocalStack.named("pages");
        CharSequence title = pages.proxy(CharSequence.class, Page::title);
        LocalManager.of(pages).run(() -> {
            assertThat(ContextProxies.isBound(title)).isFalse();
            pages.push(new Page("Home"));
            pages.push(new Page("Contact"));
            assertThat(title.length()).isEqualTo(7);
            pages.pop();
            assertThat(title.length()).isEqualTo(4);
        });
    }

    record Page(String title) {
    }

    @Test // P7
    void failureOfThePartArrivesAsItself() {
        UnboundContextException failure = new UnboundContextException("of another");
        Supplier<?> part = stack.proxy(Supplier.class, top -> {
            throw failure;
        });
        stack.push("a");
        assertThatThrownBy(part::get).isSameAs(failure);
    }

    @Test // S10
    void nothingIsLeftInTheThreadWhenTheLastElementIsPopped() throws Exception {
        stack.push("a");
        assertThat(CleanLocals.left(stack)).hasSize(1);
        stack.pop();
        assertThat(CleanLocals.left(stack)).isEmpty();
    }

    @Test // S11
    void clearEmptiesTheStack() throws Exception {
        stack.push("a");
        stack.push("b");
        stack.clear();
        stack.clear();
        assertThat(stack.pop()).isEmpty();
        assertThat(CleanLocals.left(stack)).isEmpty();
    }

    @Test
    void showsItsNameAndNoElements() {
        stack.push("secret");
        assertThat(stack).hasToString("LocalStack[pages]");
    }
}
