package dev.scopedcontext.baggage;

import static java.util.Collections.unmodifiableMap;
import static java.util.Objects.requireNonNull;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys that are declared to travel to other processes, and how: made once, kept in a static field, and known
 * to both sides.
 *
 * {@snippet class="dev.scopedcontext.baggage.BaggageExamplesTest" region="declare"}
 *
 * <p>Who sends a request {@linkplain #inject(BiConsumer) injects} what is bound; who receives one {@linkplain #extract
 * extracts} bindings, and runs what serves the request with them:
 *
 * {@snippet class="dev.scopedcontext.baggage.BaggageExamplesTest" region="send"}
 * {@snippet class="dev.scopedcontext.baggage.BaggageExamplesTest" region="receive"}
 *
 * <p>A key travels as a {@linkplain Builder#member member} of the {@code baggage} header, in which any text can
 * be written, and which services that do not know the key pass on; or in a {@linkplain Builder#header header of
 * its own}, for what goes to the next service only, such as a deadline, or has a header that is agreed upon.
 * What arrives and is not declared is bound to nothing. Members that are not declared are passed on with the
 * requests that the same object writes while the extracted bindings are in place, unless {@link
 * Builder#declaredOnly()} says otherwise; one object for what comes in and another for what goes out passes none on.
 *
 * <p><b>Other libraries</b> write the {@code baggage} header too. OpenTelemetry's propagator replaces all of it, as
 * {@link #inject(BiConsumer)} does. Let the other library write first, then {@linkplain #inject(BiConsumer, Function)
 * merge}:
 *
 * {@snippet class="dev.scopedcontext.baggage.BaggageBesideOpenTelemetryTest" region="both"}
 *
 * <p>An agent that instruments the client writes when the request is sent, after any code of the application. Take
 * {@code baggage} out of its property {@code otel.propagators}, which is {@code tracecontext,baggage} by default.
 * This class still passes on members that are not declared.
 *
 * <p><b>What is not right</b> is left out, as the standard has it, counted in the {@linkplain #report() report},
 * and never an error of the request: what is malformed, what is beyond the {@linkplain Builder#limits limits},
 * what the function that reads a value refuses. Of two members with one name the last counts. No value can add
 * a header or a member: what is not allowed in one is percent-encoded, and in a header of its own not sent.
 *
 * <p><b>Trust.</b> What arrives was written by whoever sent it. A member can hold any text, line breaks among
 * it: check it in the function that reads it. What is bound to a declared key is sent wherever {@code inject} is
 * called: do not call it for requests to those who are not to know.
 *
 * <p><b>Other threads.</b> What is extracted is bound as all else is, and handed over as the keys say. Injecting
 * reads what is bound on the calling thread. Immutable but for the counts, and safe to use by any number of
 * threads.
 *
 * <p><b>Null.</b> Arguments must not be null, or {@code NullPointerException} names the one that is. A key that
 * is bound to null is not sent.
 */
public final class ContextBaggage {

    private final Declared declared;

    private ContextBaggage(Builder builder) {
        this.declared = new Declared(unmodifiableMap(new LinkedHashMap<>(builder.members)),
                List.copyOf(builder.headers.values()), builder.limits, !builder.declaredOnly,
                ContextKey.named("baggage to pass on"), new Tally());
    }

    /**
     * Starts a declaration.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Writes the values bound to the declared keys into the headers of a message that has no {@code baggage} header
     * yet. The setter replaces an existing one. A key that is not bound, or bound to null, is not written; its default
     * plays no part. A member or header that does not fit the limits, or cannot be written, is left out and counted.
     *
     * @param setter sets a header, given its name and value: {@code request::setHeader} of a {@code
     *        java.net.http.HttpRequest.Builder}, for one. It is called once for each header, and not at all
     *        where there is nothing to write; what it throws is thrown on unchanged
     * @throws RuntimeException what a function that writes a value throws, unchanged; no header has been set
     */
    public void inject(BiConsumer<String, String> setter) {
        inject(setter, name -> null);
    }

    /**
     * Writes the values bound to the declared keys into the headers of a message, as {@link #inject(BiConsumer)}
     * does, and merges them with the {@code baggage} header that another library, or another declaration, has set.
     *
     * <p>The bound value replaces an existing member of a declared name. If the key is unbound or bound to null, the
     * member is removed. The other members keep their order and their properties; {@link Builder#declaredOnly()}
     * removes them. Members that have arrived and are {@linkplain #extract passed on} are added, unless the message
     * has one with the same name.
     *
     * <p>The existing header is read within the limits, as in {@link #extract}: malformed members are left out and
     * counted. The limits hold for the merged header too, and declared members come first. If no member remains, the
     * header is set to the empty string, which receivers read as no baggage.
     *
     * @param setter sets a header, given its name and value, and replaces all its existing values. It is called once
     *        for each header to set. Its exceptions propagate unchanged
     * @param headers returns the existing values of a header, null or none if there are none, as for {@link
     *        #extract}: {@code request.build().headers()::allValues} of a {@code java.net.http.HttpRequest.Builder},
     *        for one. It is called with {@code "baggage"} before any header is set. Its exceptions propagate unchanged
     * @throws RuntimeException if a function that writes a value throws it; no header has been set
     */
    public void inject(BiConsumer<String, String> setter,
            Function<String, ? extends @Nullable Iterable<String>> headers) {
        requireNonNull(setter, "setter");
        requireNonNull(headers, "headers");
        Sender.write(declared, HeaderValues.of(Declared.BAGGAGE, headers)).forEach(setter);
    }

    /**
     * Reads the headers of a message.
     *
     * @param headers returns the values of all headers with a name, in the order in which they came, null or
     *        none if there are none: {@code exchange.getRequestHeaders()::get} of a {@code
     *        com.sun.net.httpserver.HttpExchange}, for one. It should not care for upper and lower case. It is
     *        called with {@code "baggage"} and with the name of each declared header; what it throws is thrown
     *        on unchanged
     * @return bindings of what has arrived for the declared keys, to run something with; they bind nothing to
     *         keys for which nothing has, or nothing that can be read
     */
    public Bindings extract(Function<String, ? extends @Nullable Iterable<String>> headers) {
        requireNonNull(headers, "headers");
        return Receiver.read(declared, headers);
    }

    /**
     * Returns how much was left out since this was made.
     *
     * @return the counts, each of which only grows
     */
    public BaggageReport report() {
        return declared.tally().report();
    }

    /** Returns the names on the wire. */
    @Override
    public String toString() {
        return "ContextBaggage[members " + declared.members().keySet() + ", headers "
                + declared.headers().stream().map(Travelling::name).toList() + "]";
    }

    /** Declares the keys that travel. Not safe for use by several threads. */
    public static final class Builder {

        private final Map<String, Travelling<?>> members = new LinkedHashMap<>();
        private final Map<String, Travelling<?>> headers = new LinkedHashMap<>();
        private Limits limits = Limits.STANDARD;
        private boolean declaredOnly;

        private Builder() {
        }

        /**
         * Declares a key that travels, as it is, as a member of the {@code baggage} header.
         *
         * @param name its name on the wire
         * @param key the key
         * @return this builder
         * @throws IllegalArgumentException if a member has this name already, or if it is no token: empty, or with
         *         characters other than letters, digits and {@code !#$%&'*+-.^_`|~}
         */
        public Builder member(String name, ContextKey<String> key) {
            return member(name, key, text -> text, text -> text);
        }

        /**
         * Declares a key that travels as a member of the {@code baggage} header.
         *
         * @param name its name on the wire
         * @param key the key
         * @param write writes a value, or returns null if it is not to be sent; called by {@code inject}
         * @param read reads what was written, or refuses it by an exception or by returning null; called by
         *        {@link #extract} with whatever was sent
         * @param <T> the type of the values
         * @return this builder
         * @throws IllegalArgumentException if a member has this name already, or if it is no token: empty, or with
         *         characters other than letters, digits and {@code !#$%&'*+-.^_`|~}
         */
        public <T> Builder member(String name, ContextKey<T> key, Function<? super T, ? extends @Nullable String> write,
                Function<String, ? extends @Nullable T> read) {
            declare(members, requireToken(name), travelling(name, key, write, read));
            return this;
        }

        /**
         * Declares a key that travels, as it is, in a header of its own.
         *
         * @param name the name of the header
         * @param key the key
         * @return this builder
         * @throws IllegalArgumentException if a header has this name already, or if it is {@code baggage} or no token
         */
        public Builder header(String name, ContextKey<String> key) {
            return header(name, key, text -> text, text -> text);
        }

        /**
         * Declares a key that travels in a header of its own. What is written must be visible US-ASCII, with
         * spaces at most inside. A header that arrives more than once is malformed.
         *
         * @param name the name of the header
         * @param key the key
         * @param write writes a value, or returns null if it is not to be sent; called by {@code inject}
         * @param read reads what was written, or refuses it by an exception or by returning null; called by
         *        {@link #extract} with whatever was sent
         * @param <T> the type of the values
         * @return this builder
         * @throws IllegalArgumentException if a header has this name already, or if it is {@code baggage} or no token
         */
        public <T> Builder header(String name, ContextKey<T> key, Function<? super T, ? extends @Nullable String> write,
                Function<String, ? extends @Nullable T> read) {
            String folded = requireToken(name).toLowerCase(Locale.ROOT);
            if (folded.equals(Declared.BAGGAGE)) {
                throw new IllegalArgumentException(
                        "The header \"" + name + "\" is the one of members: declare the key with member(...)");
            }
            declare(headers, folded, travelling(name, key, write, read));
            return this;
        }

        /**
         * Sets how much baggage a message may have, arriving or leaving: 64 members and 8,192 bytes unless set,
         * all {@code baggage} headers of a message together. A header of its own may have as many bytes. The
         * standard asks no less of whoever passes baggage on, and allows more.
         *
         * @param members how many members
         * @param bytes how many bytes
         * @return this builder
         * @throws IllegalArgumentException if one of them is not positive
         */
        public Builder limits(int members, int bytes) {
            this.limits = new Limits(members, bytes);
            return this;
        }

        /**
         * Drops members that are not declared, instead of passing them on: where requests come from strangers, or
         * go to them. {@link #inject(BiConsumer, Function)} removes those that a message has.
         *
         * @return this builder
         */
        public Builder declaredOnly() {
            this.declaredOnly = true;
            return this;
        }

        /**
         * Creates the declaration.
         *
         * @return what was declared so far
         */
        public ContextBaggage build() {
            return new ContextBaggage(this);
        }

        private static <T> Travelling<T> travelling(String name, ContextKey<T> key,
                Function<? super T, ? extends @Nullable String> write,
                Function<String, ? extends @Nullable T> read) {
            return new Travelling<>(name, requireNonNull(key, "key"), requireNonNull(write, "write"),
                    requireNonNull(read, "read"));
        }

        private static String requireToken(String name) {
            if (!Grammar.isToken(requireNonNull(name, "name"))) {
                throw new IllegalArgumentException("\"" + name + "\" cannot be a name on the wire: use letters, digits"
                        + " and !#$%&'*+-.^_`|~, and at least one of them");
            }
            return name;
        }

        private static void declare(Map<String, Travelling<?>> to, String name, Travelling<?> declared) {
            Travelling<?> before = to.putIfAbsent(name, declared);
            if (before != null) {
                throw new IllegalArgumentException("\"" + before.name() + "\" is the name of " + before.key()
                        + " already: give " + declared.key() + " another one");
            }
        }
    }
}
