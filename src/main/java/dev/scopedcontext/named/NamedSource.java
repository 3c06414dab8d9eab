package dev.scopedcontext.named;

import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.proxy.ProxySource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The source of a proxy for a name of a context, which may be declared after the proxy is created. */
final class NamedSource<T extends @Nullable Object> implements ProxySource<T> {

    private final Supplier<@Nullable Declaration> declaration;
    private final String qualified;
    private final String name;

    /** Not volatile: it is never replaced, and a thread that does not see it finds the same declaration. */
    private @Nullable Declaration found;

    NamedSource(Supplier<@Nullable Declaration> declaration, String qualified, String name) {
        this.declaration = declaration;
        this.qualified = qualified;
        this.name = name;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T get() {
        Declaration known = find();
        if (known == null) {
            throw new UnboundContextException("Nothing is declared as '" + qualified + "': declare it with"
                    + " key(\"" + name + "\", type) or resource(\"" + name + "\", type, opener), in a class that is"
                    + " initialized before the proxy is used");
        }
        return (T) known.source().get();
    }

    @Override
    public boolean isBound() {
        Declaration known = find();
        return known != null && known.source().isBound();
    }

    @Override
    public boolean isOpen() {
        Declaration known = find();
        return known != null && known.source().isOpen();
    }

    private @Nullable Declaration find() {
        Declaration known = found;
        if (known == null) {
            known = declaration.get();
            found = known;
        }
        return known;
    }

    @Override
    public String toString() {
        Declaration known = find();
        return known == null ? qualified : known.source().toString();
    }
}
