package dev.scopedcontext.proxy;

import static net.bytebuddy.matcher.ElementMatchers.isAbstract;
import static net.bytebuddy.matcher.ElementMatchers.isDeclaredBy;
import static net.bytebuddy.matcher.ElementMatchers.isDefaultMethod;
import static net.bytebuddy.matcher.ElementMatchers.isEquals;
import static net.bytebuddy.matcher.ElementMatchers.isFinalizer;
import static net.bytebuddy.matcher.ElementMatchers.isHashCode;
import static net.bytebuddy.matcher.ElementMatchers.isProtected;
import static net.bytebuddy.matcher.ElementMatchers.isBridge;
import static net.bytebuddy.matcher.ElementMatchers.isToString;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.description.field.FieldDescription;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.modifier.FieldPersistence;
import net.bytebuddy.description.modifier.SyntheticState;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.Transformer;
import net.bytebuddy.dynamic.scaffold.subclass.ConstructorStrategy;
import net.bytebuddy.implementation.DefaultMethodCall;
import net.bytebuddy.implementation.ExceptionMethod;
import net.bytebuddy.implementation.FieldAccessor;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.MethodCall;
import net.bytebuddy.implementation.StubMethod;
import net.bytebuddy.implementation.bytecode.ByteCodeAppender;
import net.bytebuddy.implementation.bytecode.StackManipulation;
import net.bytebuddy.implementation.bytecode.assign.TypeCasting;
import net.bytebuddy.implementation.bytecode.member.FieldAccess;
import net.bytebuddy.implementation.bytecode.member.MethodInvocation;
import net.bytebuddy.implementation.bytecode.member.MethodReturn;
import net.bytebuddy.implementation.bytecode.member.MethodVariableAccess;
import net.bytebuddy.matcher.ElementMatcher;

/**
 * Writes the proxy class of a type. Each of its methods is
 *
 * <pre>{@code return ((Type) target.get()).method(arguments);}</pre>
 */
final class ProxyWriter {

    private static final String TARGET = "target";
    private static final TypeDescription OBJECT = TypeDescription.ForLoadedType.of(Object.class);

    private ProxyWriter() {
    }

    static byte[] write(Class<?> type, String name) {
        TypeDescription described = TypeDescription.ForLoadedType.of(type);
        // The class file version is fixed, so that a JDK newer than Byte Buddy makes no difference.
        return new ByteBuddy(ClassFileVersion.JAVA_V17)
                // Bridges call the methods that are forwarded. The default would ignore finalize() too, which an
                // interface may declare, and other synthetic methods, which Kotlin code calls.
                .ignore(isBridge())
                .subclass(type,
                        type.isInterface()
                                ? ConstructorStrategy.Default.DEFAULT_CONSTRUCTOR
                                : ConstructorStrategy.Default.NO_CONSTRUCTORS)
                .implement(ProxyMarkers.GeneratedProxy.class, Serializable.class)
                .name(name)
                .modifiers(Visibility.PUBLIC, SyntheticState.SYNTHETIC)
                .defineField(TARGET, Supplier.class, Visibility.PRIVATE, FieldPersistence.TRANSIENT)
                .method(not(isDeclaredBy(Object.class)))
                .intercept(forwardTo(described))
                .method(isProtectedElsewhere(packageOf(name)))
                .intercept(ExceptionMethod.throwing(UnsupportedOperationException.class,
                        "A proxy of " + type.getName() + " cannot forward protected methods of other packages"))
                // The JVM calls the finalizer of the proxy itself, and does not register an empty one.
                .method(isFinalizer())
                .intercept(declaresFinalizer(type) ? forwardTo(described) : StubMethod.INSTANCE)
                .transform(Transformer.ForMethod.withModifiers(Visibility.PUBLIC))
                .method(isEquals().or(isHashCode()).or(isToString()))
                .intercept(call(StackManipulation.Trivial.INSTANCE, OBJECT))
                .method(isDeclaredBy(ProxyMarkers.GeneratedProxy.class).and(isDefaultMethod()))
                .intercept(DefaultMethodCall.prioritize(ProxyMarkers.GeneratedProxy.class))
                .method(isDeclaredBy(ProxyMarkers.GeneratedProxy.class).and(isAbstract()))
                .intercept(FieldAccessor.ofField(TARGET))
                .method(isDeclaredBy(ProxyMarkers.GeneratedProxy.class).and(takesArguments(1)))
                .intercept(setOnce())
                // Called if the type has a writeReplace() that hides the one that returns the target.
                .defineMethod("writeObject", void.class, Visibility.PRIVATE)
                .withParameters(ObjectOutputStream.class)
                .throwing(NotSerializableException.class)
                .intercept(ExceptionMethod.throwing(NotSerializableException.class, "A proxy of " + type.getName()
                        + " cannot be written, since that type has a writeReplace() that does not return Object: write"
                        + " ContextProxies.unwrap(proxy)"))
                .defineMethod("readObject", void.class, Visibility.PRIVATE)
                .withParameters(ObjectInputStream.class)
                .throwing(InvalidObjectException.class)
                .intercept(ExceptionMethod.throwing(InvalidObjectException.class, "A proxy of " + type.getName()
                        + " cannot be read: only targets are written"))
                .make()
                .getBytes();
    }

    private static Implementation forwardTo(TypeDescription type) {
        MethodDescription get = TypeDescription.ForLoadedType.of(Supplier.class).getDeclaredMethods()
                .filter(named("get")).getOnly();
        return call(new StackManipulation.Compound(MethodInvocation.invoke(get), TypeCasting.to(type)), type);
    }

    private static Implementation setOnce() {
        MethodDescription first = TypeDescription.ForLoadedType.of(ProxyMarkers.GeneratedProxy.class)
                .getDeclaredMethods()
                .filter(named("first")).getOnly();
        return MethodCall.invoke(first).withField(TARGET).withArgument(0).setsField(named(TARGET));
    }

    /** Returns whether a type is an interface in which {@code finalize()} is an ordinary method. */
    private static boolean declaresFinalizer(Class<?> type) {
        return type.isInterface() && Stream.of(type.getMethods())
                .anyMatch(method -> method.getName().equals("finalize") && method.getParameterCount() == 0);
    }

    /**
     * Returns a method as a type declares it: an interface may declare {@code finalize()}, which is protected in {@code
     * Object}.
     */
    private static MethodDescription as(TypeDescription type, MethodDescription method) {
        return type.isInterface() && isFinalizer().matches(method)
                ? new MethodDescription.Latent(type, new MethodDescription.Token(method.getName(),
                        Modifier.PUBLIC | Modifier.ABSTRACT, method.getReturnType()))
                : method;
    }

    /** Calls the same method on the object that the receiver code derives from the field. */
    private static Implementation call(StackManipulation receiver, TypeDescription receiverType) {
        ByteCodeAppender body = (code, context, method) -> {
            FieldDescription field = context.getInstrumentedType().getDeclaredFields().filter(named(TARGET)).getOnly();
            StackManipulation call = new StackManipulation.Compound(MethodVariableAccess.loadThis(),
                    FieldAccess.forField(field).read(), receiver, MethodVariableAccess.allArgumentsOf(method),
                    MethodInvocation.invoke(as(receiverType, method)).virtual(receiverType),
                    MethodReturn.of(method.getReturnType()));
            return new ByteCodeAppender.Size(call.apply(code, context).getMaximalSize(), method.getStackSize());
        };
        return new Implementation.Simple(body);
    }

    /** Matches methods that a subclass in another package may call on itself, but not on a target. */
    private static ElementMatcher<MethodDescription> isProtectedElsewhere(String packageName) {
        ElementMatcher<MethodDescription> elsewhere = method -> !packageOf(method.getDeclaringType().getTypeName())
                .equals(packageName);
        return not(isDeclaredBy(Object.class)).and(isProtected()).and(elsewhere);
    }

    private static String packageOf(String className) {
        return className.substring(0, Math.max(0, className.lastIndexOf('.')));
    }
}
