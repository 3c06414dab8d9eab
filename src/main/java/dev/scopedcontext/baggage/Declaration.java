package dev.scopedcontext.baggage;

import dev.scopedcontext.ContextKey;
import java.util.List;
import java.util.Map;

/**
 * The content of a {@link ContextBaggage}.
 *
 * <p>The reasons are in {@code docs/decisions/0015-baggage.md}.
 *
 * @param members the keys that travel as members, by their names
 * @param headers the keys that travel in headers of their own
 * @param limits the limits of a message
 * @param passesOn whether members that arrive and are not declared are passed on
 * @param passedOn the key to which these members are bound until then
 * @param counters counts input and output that is left out
 */
record Declaration(Map<String, WireKey<?>> members, List<WireKey<?>> headers, Limits limits,
        boolean passesOn, ContextKey<List<ListMember>> passedOn, Counters counters) {

    /** The header of members. In lower case, as the standard advises. */
    static final String BAGGAGE = "baggage";
}
