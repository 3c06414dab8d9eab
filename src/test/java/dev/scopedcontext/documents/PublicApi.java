package dev.scopedcontext.documents;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Renders what users can see of a type: a line for the type, then one for each member, in alphabetical order. */
final class PublicApi {
    private static final int NOT_API = Modifier.PUBLIC | Modifier.SYNCHRONIZED | Modifier.NATIVE | Modifier.STRICT;

    private static final Set<Class<?>> IMPLIED = Set.of(Object.class, Record.class, Enum.class);

    private PublicApi() {
    }

    static boolean isVisible(Class<?> type) {
        Class<?> owner = type.getDeclaringClass();
        return isVisible(type.getModifiers()) && (owner == null || isVisible(owner));
    }

    static List<String> render(Class<?> type) {
        List<String> members = new ArrayList<>();
        for (Class<?> c = type; c != null && (c == type || !isVisible(c)); c = c.getSuperclass()) {
            visible(c.getDeclaredFields()).map(PublicApi::field).forEach(members::add);
            visible(c.getDeclaredMethods()).map(PublicApi::method).forEach(members::add);
        }
        visible(type.getDeclaredConstructors()).map(PublicApi::constructor).forEach(members::add);
        return Stream.concat(Stream.of(header(type)), members.stream().sorted().map("    "::concat)).toList();
    }

    private static String header(Class<?> type) {
        String kind = type.isAnnotation()
                ? "@interface"
                : type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
        int implied = type.isInterface() ? Modifier.ABSTRACT | Modifier.INTERFACE | Modifier.STATIC : 0;
        Type above = type.getGenericSuperclass();
        return modifiers(type.getModifiers() & ~implied) + (type.isSealed() ? "sealed " : "") + kind + " " + name(type)
                + typeParameters(type)
                + (above == null || IMPLIED.contains(type.getSuperclass()) || !isVisible(type.getSuperclass())
                        ? ""
                        : " extends " + name(above))
                + list(" implements ", type.getGenericInterfaces());
    }

    private static String field(Field field) {
        return modifiers(field.getModifiers()) + name(field.getAnnotatedType()) + " " + field.getName();
    }

    private static String method(Method method) {
        String generic = typeParameters(method);
        return (method.isDefault() ? "default " : "") + modifiers(method.getModifiers() & Modifier.methodModifiers())
                + generic + (generic.isEmpty() ? "" : " ") + name(method.getAnnotatedReturnType()) + " "
                + method.getName() + parameters(method);
    }

    private static String constructor(Constructor<?> constructor) {
        return modifiers(constructor.getModifiers()) + typeParameters(constructor) + "new" + parameters(constructor);
    }

    private static String parameters(Executable executable) {
        String all = Stream.of(executable.getAnnotatedParameterTypes()).map(PublicApi::name).collect(joining(", "));
        String shown = executable.isVarArgs() ? all.replaceFirst("\\[\\]$", "...") : all;
        return "(" + shown + ")" + list(" throws ", executable.getGenericExceptionTypes());
    }

    private static String typeParameters(GenericDeclaration declaration) {
        TypeVariable<?>[] variables = declaration.getTypeParameters();
        return variables.length == 0
                ? ""
                : Stream.of(variables).map(PublicApi::typeParameter).collect(joining(", ", "<", ">"));
    }

    private static String typeParameter(TypeVariable<?> variable) {
        String bounds = Stream.of(variable.getAnnotatedBounds()).map(PublicApi::name).collect(joining(" & "));
        return variable.getName() + (bounds.equals("Object") ? "" : " extends " + bounds);
    }

    private static String list(String before, Type[] types) {
        return types.length == 0 ? "" : before + Stream.of(types).map(PublicApi::name).sorted().collect(joining(", "));
    }

    private static String modifiers(int modifiers) {
        String shown = Modifier.toString(modifiers & ~NOT_API);
        return shown.isEmpty() ? "" : shown + " ";
    }

    /** Renders a type with its nullness, which is part of the contract. */
    private static String name(AnnotatedType type) {
        String nullness = type.isAnnotationPresent(Nullable.class) ? "@Nullable " : "";
        if (type instanceof AnnotatedParameterizedType p) {
            return nullness + name(((ParameterizedType) p.getType()).getRawType())
                    + Stream.of(p.getAnnotatedActualTypeArguments()).map(PublicApi::name)
                            .collect(joining(", ", "<", ">"));
        }
        if (type instanceof AnnotatedArrayType array) {
            return name(array.getAnnotatedGenericComponentType()) + (nullness.isEmpty() ? "" : " " + nullness) + "[]";
        }
        if (type instanceof AnnotatedWildcardType w) {
            AnnotatedType[] lower = w.getAnnotatedLowerBounds();
            String upper = name(w.getAnnotatedUpperBounds()[0]);
            return lower.length > 0 ? "? super " + name(lower[0]) : upper.equals("Object") ? "?" : "? extends " + upper;
        }
        return nullness + name(type.getType());
    }

    private static String name(Type type) {
        return type.getTypeName().replaceAll("\\b(java\\.lang|dev\\.scopedcontext)\\.(?=[A-Z])", "").replace('$', '.');
    }

    private static <M extends Member> Stream<M> visible(M[] members) {
        return Arrays.stream(members).filter(m -> isVisible(m.getModifiers()) && !m.isSynthetic());
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }
}
