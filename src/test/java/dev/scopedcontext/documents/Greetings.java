package dev.scopedcontext.documents;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;

class Greetings {
    static final ContextKey<String> USER = ContextKey.named("user");

    public static void main(String[] args) {
        ScopedContext.where(USER, "alice").run(() -> greet());
    }

    static void greet() { // no parameter: all code that runs below sees the user
        System.out.println("Hello " + USER.get());
    }
}
