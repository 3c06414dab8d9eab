package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** P23: what cannot be proxied is refused with the reason and a way out. */
@OnEachForm
@Tag("per-jdk")
@Tag("modules")
class UnproxiableTest {

    private static final String INSTEAD = ": proxy an interface that it implements, or keep the key or supplier and"
            + " call its get()";

    record Point(int x, int y) {
    }

    enum Level {
        LOW {
        },
        HIGH
    }

    sealed interface Animal permits Dog {
    }

    static final class Dog implements Animal {
    }

    sealed abstract static class Plant permits Tree {
    }

    static final class Tree extends Plant {
    }

    @Test
    void everyObstacleIsNamed() {
        assertRefused(String.class, "java.lang.String cannot be proxied, since it is a final class, which no other"
                + " class can extend");
        assertRefused(Integer.class, "java.lang.Integer cannot be proxied, since it is a final class, which no other"
                + " class can extend");
        assertRefused(Dog.class, Dog.class.getName() + " cannot be proxied, since it is a final class, which no other"
                + " class can extend");
        assertRefused(int.class, "int cannot be proxied, since it is a primitive type");
        assertRefused(String[].class, "[Ljava.lang.String; cannot be proxied, since it is an array");
        assertRefused(Point.class, Point.class.getName() + " cannot be proxied, since it is a record, which no class"
                + " can extend");
        assertRefused(TimeUnit.class, "java.util.concurrent.TimeUnit cannot be proxied, since it is an enum, which has"
                + " no instances except its constants");
        assertRefused(Level.class, Level.class.getName() + " cannot be proxied, since it is an enum, which has no"
                + " instances except its constants");
        assertRefused(Animal.class, Animal.class.getName() + " cannot be proxied, since it is sealed, and permits no"
                + " further subclasses");
        assertRefused(Plant.class, Plant.class.getName() + " cannot be proxied, since it is sealed, and permits no"
                + " further subclasses");
        Runnable lambda = () -> {
        };
        assertRefused(lambda.getClass(), lambda.getClass().getName() + " cannot be proxied, since it is a hidden class,"
                + " which no other class can name");
    }

    private static void assertRefused(Class<?> type, String reason) {
        assertThatThrownBy(() -> ContextProxies.of(type, ContextKey.named("key")))
                .isExactlyInstanceOf(IllegalArgumentException.class).hasMessage(reason + INSTEAD);
    }
}
