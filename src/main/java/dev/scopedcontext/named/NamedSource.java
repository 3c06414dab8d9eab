package dev.scopedcontext.named;

import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.proxy.ProxySource;
import org.jspecify.annotations.Nullable;

/** What a name of a context stands for, as a source that can be made before that is declared. */
final class NamedSource<T extends @Nullable Object> implements ProxySource<T> {

    private final Declarations declarations;
    private final String qualified;
    private final String name;

    /** Once found it stays, and a thread that does not see it finds the same: no need to be volatile. */
    private @Nullable Declaration found;

    NamedSource(Declarations declarations, String qualified, String name) {
        this.declarations = declarations;
        this.qualified = qualified;
        this.name = name;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T get() {
        Declaration declaration = find();
        if (declaration == null) {
            throw new UnboundContextException("Nothing is declared as '" + qualified + "': declare it with"
                    + " key(\"" + name + "\", type) or resource(\"" + name + "\", type, opener), in a class that is"
                    + " initialised before it is used");
        }
        return (T) declaration.source().get();
    }

    @Override
    public boolean isBound() {
        Declaration declaration = find();
        return declaration != null && declaration.source().isBound();
    }

    @Override
    public boolean isOpen() {
        Declaration declaration = find();
        return declaration != null && declaration.source().isOpen();
    }

    private @Nullable Declaration find() {
        Declaration declaration = found;
        if (declaration == null) {
            declaration = declarations.find(name);
            found = declaration;
        }
        return declaration;
    }

    @Override
    public String toString() {
        Declaration declaration = find();
        return declaration == null ? qualified : declaration.source().toString();
    }
}
