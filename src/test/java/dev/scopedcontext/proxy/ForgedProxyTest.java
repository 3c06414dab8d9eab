package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A proxy cannot be made by a stream, and cannot be given another target. */
@OnEachForm
@Tag("per-jdk")
@Tag("modules")
class ForgedProxyTest {

    private static final ContextKey<Greeter> KEY = ContextKey.named("greeter");
    private static final AtomicInteger CALLS = new AtomicInteger();

    private final Greeter alice = Greeter.named("alice");
    private final Greeter proxy = ContextProxies.of(Greeter.class, KEY);

    /** A supplier that a stream can contain. */
    static final class Forged implements Supplier<Object>, Serializable {

        private static final long serialVersionUID = 1L;

        @Override
        public Object get() {
            CALLS.incrementAndGet();
            return Greeter.named("forged");
        }
    }

    @Test
    void whatAStreamSaysIsAProxyIsRefused() {
        CALLS.set(0);
        Class<?> written = ProxyForms.current() instanceof GeneratedProxies ? proxy.getClass() : Forwarder.class;
        assertThat(ObjectStreamClass.lookup(written).getFields()).isEmpty();
        String message = written == Forwarder.class
                ? "The handler of a proxy cannot be read: only targets are written"
                : "A proxy of " + Greeter.class.getName() + " cannot be read: only targets are written";
        assertThatThrownBy(() -> read(forged(written))).isExactlyInstanceOf(InvalidObjectException.class)
                .hasMessage(message);
        assertThat(CALLS).hasValue(0);
    }

    /** Returns an object of a class, with a supplier in the field that has the target. */
    private static byte[] forged(Class<?> type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
        out.writeShort(ObjectStreamConstants.STREAM_VERSION);
        out.writeByte(ObjectStreamConstants.TC_OBJECT);
        out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
        out.writeUTF(type.getName());
        out.writeLong(ObjectStreamClass.lookup(type).getSerialVersionUID());
        out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
        out.writeShort(1);
        out.writeByte('L');
        out.writeUTF("target");
        out.writeByte(ObjectStreamConstants.TC_STRING);
        out.writeUTF("Ljava/util/function/Supplier;");
        out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        out.writeByte(ObjectStreamConstants.TC_NULL);
        byte[] supplier = SerialisationTest.write(new Forged());
        out.write(supplier, 4, supplier.length - 4);
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }

    @Test
    void aProxyCannotBeGivenAnotherTarget() throws Exception {
        for (Method setter : settersOf(proxy)) {
            setter.setAccessible(true);
            assertThatThrownBy(() -> setter.invoke(proxy, new Forged())).isInstanceOf(InvocationTargetException.class)
                    .cause().isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage("A proxy cannot be given another target");
        }
        assertThat(settersOf(proxy)).hasSize(ProxyForms.current() instanceof GeneratedProxies ? 1 : 0);
        ScopedContext.where(KEY, alice).run(() -> assertThat(proxy.name()).isEqualTo("alice"));
    }

    /** A public class without a target can be instantiated by anyone, but only with a target of this library. */
    @Test
    void aNewObjectOfTheClassTakesNoSupplier() throws Exception {
        if (ProxyForms.current() instanceof GeneratedProxies) {
            Object empty = proxy.getClass().getConstructor().newInstance();
            Method setter = settersOf(empty)[0];
            assertThatThrownBy(() -> setter.invoke(empty, new Forged())).isInstanceOf(InvocationTargetException.class)
                    .hasCauseExactlyInstanceOf(ClassCastException.class);
            assertThat(ContextProxies.isProxy(empty)).isFalse();
        }
    }

    private static Method[] settersOf(Object proxy) {
        return Arrays.stream(proxy.getClass().getMethods())
                .filter(method -> Arrays.equals(method.getParameterTypes(), new Class<?>[]{Supplier.class}))
                .toArray(Method[]::new);
    }
}
