package dev.scopedcontext;

import dev.scopedcontext.internal.ThreadWork;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The part of a key that the engine uses: how values are combined, handed over and mirrored. Users hold {@link
 * ContextKey}s. The engine has hidden keys of its own, which no snapshot lists.
 */
class Key {

    private static final AtomicInteger CREATED = new AtomicInteger();

    /** Bound to a {@link Deferred} value that stands for the values of all keys that are not bound above it. */
    static final Key ALL = new Key("all keys");

    /** Bound above deferred values, because a frame returns the value of its newest binding without checking it. */
    static final Key COVER = new Key("cover");

    /** Bound to the current {@link Piece} of a shared scope. */
    static final Key PIECE = new Key("piece", HandOff.inherit(), List.of(), null, Key.IN_PIECE, false);

    /** Traits of keys, which bindings and frames have if one of their keys has them. */
    static final int HANDS_OFF = 1; // a hand-off may change or refuse the value
    static final int CARRIES = 2; // the value lists carriers
    static final int MIRRORED = 4; // the value is shown in mirrors
    static final int NESTS = 8; // the value is combined with the outer value
    static final int IN_PIECE = 16; // the value is that of the hidden key of pieces

    /** Fibonacci hashing. The bits are reversed because tables use the low ones. */
    final int hash = Integer.reverse(CREATED.getAndIncrement() * 0x9E3779B9);

    final String name;

    final HandOff<?> handOff;
    final List<? extends KeyMirror<?>> mirrors;
    final @Nullable BinaryOperator<?> nesting;
    final byte traits;

    /** Whether task scopes ignore attachments of this key alone. */
    final boolean ambient;

    private Key(String name) {
        this(name, HandOff.inherit(), List.of(), null, 0, false);
    }

    Key(String name, HandOff<?> handOff, List<? extends KeyMirror<?>> mirrors, @Nullable BinaryOperator<?> nesting,
            int ownTraits, boolean ambient) {
        this.name = name;
        this.handOff = handOff;
        this.mirrors = List.copyOf(mirrors);
        this.nesting = nesting;
        this.ambient = ambient;
        this.traits = (byte) ((isInherited(handOff) || handOff instanceof ThreadWork ? 0 : HANDS_OFF)
                | ownTraits | (mirrors.isEmpty() ? 0 : MIRRORED) | (nesting == null ? 0 : NESTS));
    }

    private static boolean isInherited(HandOff<?> handOff) {
        return handOff == StandardHandOff.INHERIT || handOff == StandardHandOff.UNSTATED;
    }

    final boolean has(int trait) {
        return (traits & trait) != 0;
    }

    /** Returns the value to bind for a value inside an outer one. */
    @SuppressWarnings("unchecked")
    final @Nullable Object nest(@Nullable Object around, @Nullable Object added) {
        return nesting == null ? added : ((BinaryOperator<@Nullable Object>) nesting).apply(around, added);
    }

    /** Returns the hand-off for values whose type was checked when they were bound. */
    @SuppressWarnings("unchecked")
    final HandOff<@Nullable Object> handOff() {
        return (HandOff<@Nullable Object>) handOff;
    }

    /** Returns the name, in a form that identifies it as the name of a key. */
    @Override
    public String toString() {
        return "ContextKey[" + name + "]";
    }
}
