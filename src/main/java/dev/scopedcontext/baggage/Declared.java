package dev.scopedcontext.baggage;

import dev.scopedcontext.ContextKey;
import java.util.List;
import java.util.Map;

/**
 * What a {@link ContextBaggage} stands for.
 *
 * @param members the keys that travel as members, by their names
 * @param headers the keys that travel in headers of their own
 * @param limits how much a message may have
 * @param passesOn whether members that arrive and are not declared are passed on
 * @param passedOn the key that these are bound to meanwhile
 * @param tally counts what is left out
 */
record Declared(Map<String, Travelling<?>> members, List<Travelling<?>> headers, Limits limits,
        boolean passesOn, ContextKey<List<ListMember>> passedOn, Tally tally) {

    /** The header of members. In lower case, as the standard advises. */
    static final String BAGGAGE = "baggage";
}
