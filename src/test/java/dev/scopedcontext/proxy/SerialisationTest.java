package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** P17: what is written is the target. */
@OnEachForm
@Tag("per-jdk")
class SerialisationTest {

    private static final ContextKey<@Nullable CharSequence> KEY = ContextKey.named("text");

    private final CharSequence proxy = ContextProxies.of(CharSequence.class, KEY);

    /** An interface that has the method which asks for a replacement. */
    interface Replaced {

        Object writeReplace();
    }

    record Ticket(int number) implements Replaced, Serializable {

        @Override
        public Object writeReplace() {
            return "ticket " + number;
        }
    }

    @Test
    void theTargetIsWritten() throws Exception {
        Object read = ScopedContext.where(KEY, "alice").call(() -> read(write(List.of(proxy))));
        assertThat(read).isEqualTo(List.of("alice"));
        assertThat(((List<?>) read).get(0)).isExactlyInstanceOf(String.class);
    }

    @Test
    void theHandlerIsNotWritten() throws Exception {
        byte[] written = ScopedContext.where(KEY, "alice").call(() -> write(proxy));
        assertThat(written).isEqualTo(write("alice"));
    }

    @Test
    void theTargetOfAProxyOfAProxyIsWritten() throws Exception {
        CharSequence second = ContextProxies.of(CharSequence.class, () -> proxy);
        assertThat(ScopedContext.where(KEY, "alice").call(() -> read(write(second)))).isEqualTo("alice");
    }

    @Test
    void anUnboundProxyCannotBeWritten() {
        assertThatThrownBy(() -> write(proxy)).isExactlyInstanceOf(UnboundContextException.class)
                .hasMessageContaining("ContextKey[text]");
        ScopedContext.where(KEY, null).run(() -> assertThatThrownBy(() -> write(proxy))
                .isExactlyInstanceOf(NullPointerException.class).hasMessageContaining("ContextKey[text]"));
    }

    @Test
    void aTargetThatCannotBeWrittenSaysSoItself() {
        Greeter greeter = ContextProxies.of(Greeter.class, () -> Greeter.named("alice"));
        assertThatThrownBy(() -> write(greeter)).isInstanceOf(NotSerializableException.class)
                .hasMessage(Greeter.Named.class.getName());
    }

    @Test
    void aTargetThatHasAReplacementIsReplaced() throws Exception {
        Replaced replaced = ContextProxies.of(Replaced.class, () -> new Ticket(7));
        assertThat(read(write(replaced))).isEqualTo("ticket 7");
        assertThat(replaced.writeReplace()).isEqualTo("ticket 7");
    }

    /** An interface whose own method takes the place of the one that is looked for. */
    interface Narrow {

        String writeReplace();
    }

    @Test
    void aProxyOfATypeWithAnotherWriteReplaceSaysThatItCannotBeWritten() {
        Narrow narrow = ContextProxies.of(Narrow.class, () -> () -> "narrow");
        assertThat(narrow.writeReplace()).isEqualTo("narrow");
        assertThatThrownBy(() -> write(narrow)).isInstanceOf(NotSerializableException.class)
                .hasMessageContaining(Narrow.class.getName() + " cannot be written")
                .hasMessageContaining("a writeReplace() that does not return Object")
                .hasMessageEndingWith(": write ContextProxies.unwrap(proxy)");
    }

    static byte[] write(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }
}
