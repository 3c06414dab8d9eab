package dev.scopedcontext.support;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Numbered values that can be bound by this library, or by the JDK's {@code ScopedValue}. */
interface Values {

    boolean isBound(int number);

    @Nullable
    Object get(int number);

    Object orElse(int number, Object other);

    @Nullable
    Object orElseThrow(int number, Supplier<? extends Exception> exception) throws Exception;

    /** Adds a binding to existing bindings, or to none for null. The number -1 stands for a null key. */
    Object where(@Nullable Object bindings, int number, @Nullable Object value);

    /** Returns a value from bindings that are not in effect. */
    @Nullable
    Object in(Object bindings, int number);

    void run(Object bindings, @Nullable Runnable op);

    @Nullable
    Object call(Object bindings, @Nullable Callable<@Nullable Object> op) throws Exception;

    /** Values that this library binds. */
    @SuppressWarnings("NullAway") // null arguments are tested, too
    final class Ours implements Values {

        private final List<ContextKey<@Nullable Object>> keys = new ArrayList<>();

        Ours(int keys) {
            for (int i = 0; i < keys; i++) {
                this.keys.add(ContextKey.named("k" + i));
            }
        }

        @Override
        public boolean isBound(int number) {
            return keys.get(number).isBound();
        }

        @Override
        public @Nullable Object get(int number) {
            return keys.get(number).get();
        }

        @Override
        public Object orElse(int number, Object other) {
            return keys.get(number).orElse(other);
        }

        @Override
        public @Nullable Object orElseThrow(int number, Supplier<? extends Exception> exception) throws Exception {
            return keys.get(number).orElseThrow(exception);
        }

        @Override
        public Object where(@Nullable Object bindings, int number, @Nullable Object value) {
            ContextKey<@Nullable Object> key = number < 0 ? null : keys.get(number);
            return bindings == null ? ScopedContext.where(key, value) : ((Bindings) bindings).where(key, value);
        }

        @Override
        public @Nullable Object in(Object bindings, int number) {
            return ((Bindings) bindings).get(keys.get(number));
        }

        @Override
        public void run(Object bindings, @Nullable Runnable op) {
            ((Bindings) bindings).run(op);
        }

        @Override
        public @Nullable Object call(Object bindings, @Nullable Callable<@Nullable Object> op) throws Exception {
            return ((Bindings) bindings).<Object, Exception>call(op == null ? null : op::call);
        }
    }

    /** Values that the JDK binds. Called by reflection, since the tests are compiled for JDK 17. */
    final class OfTheJdk implements Values {

        private static final Class<?> VALUE = Reflected.type("java.lang.ScopedValue");
        private static final Class<?> CARRIER = Reflected.type("java.lang.ScopedValue$Carrier");
        private static final Class<?> OP = Reflected.type("java.lang.ScopedValue$CallableOp");

        private final List<Object> values = new ArrayList<>();

        OfTheJdk(int keys) {
            for (int i = 0; i < keys; i++) {
                values.add(Reflected.invoke(Reflected.method(VALUE, "newInstance"), null));
            }
        }

        @Override
        public boolean isBound(int number) {
            return (boolean) invoke(VALUE, "isBound", values.get(number));
        }

        @Override
        public @Nullable Object get(int number) {
            return invoke(VALUE, "get", values.get(number));
        }

        @Override
        public Object orElse(int number, Object other) {
            return invoke(VALUE, "orElse", values.get(number), Object.class, other);
        }

        @Override
        public @Nullable Object orElseThrow(int number, Supplier<? extends Exception> exception) {
            return invoke(VALUE, "orElseThrow", values.get(number), Supplier.class, exception);
        }

        @Override
        public Object where(@Nullable Object bindings, int number, @Nullable Object value) {
            Object key = number < 0 ? null : values.get(number);
            return invoke(bindings == null ? VALUE : CARRIER, "where", bindings, VALUE, key, Object.class, value);
        }

        @Override
        public @Nullable Object in(Object bindings, int number) {
            return invoke(CARRIER, "get", bindings, VALUE, values.get(number));
        }

        @Override
        public void run(Object bindings, @Nullable Runnable op) {
            invoke(CARRIER, "run", bindings, Runnable.class, op);
        }

        @Override
        public @Nullable Object call(Object bindings, @Nullable Callable<@Nullable Object> op) {
            Object called = op == null
                    ? null
                    : Proxy.newProxyInstance(OP.getClassLoader(), new Class<?>[]{OP},
                            (proxy, method, arguments) -> op.call());
            return invoke(CARRIER, "call", bindings, OP, called);
        }

        /** Invokes a method. The arguments are pairs of type and value. */
        private static Object invoke(Class<?> type, String name, @Nullable Object target,
                @Nullable Object... arguments) {
            Class<?>[] types = new Class<?>[arguments.length / 2];
            @Nullable
            Object[] values = new Object[types.length];
            for (int i = 0; i < types.length; i++) {
                types[i] = (Class<?>) arguments[2 * i];
                values[i] = arguments[2 * i + 1];
            }
            return Reflected.invoke(Reflected.method(type, name, types), target, values);
        }
    }
}
