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
 * A declaration of the keys that travel to other processes, and of their formats. Create it once, keep it in a static
 * field, and use the same declaration on both sides.
 *
 * {@snippet class="dev.scopedcontext.baggage.BaggageExamplesTest" region="declare"}
 *
 * <p>The sender of a request {@linkplain #inject(BiConsumer) injects} the bound values. The receiver {@linkplain
 * #extract extracts} bindings, and serves the request with them:
 *
 * {@snippet class="dev.scopedcontext.baggage.BaggageExamplesTest" region="send"}
 * {@snippet class="dev.scopedcontext.baggage.BaggageExamplesTest" region="receive"}
 *
 * <p>A key travels in one of two forms. A {@linkplain Builder#member member} of the {@code baggage} header can hold any
 * text, and services that do not know the key pass it on. A {@linkplain Builder#header header of its own} is for values
 * that go to the next service only, such as a deadline, or that have an agreed header. Values that arrive for
 * undeclared names are not bound. Undeclared members are passed on with the requests that the same object writes while
 * the extracted bindings are in effect, unless {@link Builder#declaredOnly()} is used. With one object for incoming and
 * another for outgoing requests, none is passed on.
 *
 * <p><b>Other libraries</b> also write the {@code baggage} header. OpenTelemetry's propagator replaces all of it, as
 * {@link #inject(BiConsumer)} does. Let the other library write first, then {@linkplain #inject(BiConsumer, Function)
 * merge}:
 *
 * {@snippet class="dev.scopedcontext.meeting.BaggageBesideOpenTelemetryTest" region="both"}
 *
 * <p>An agent that instruments the client writes the header when the request is sent, after all code of the
 * application. Remove {@code baggage} from its property {@code otel.propagators}, which is {@code tracecontext,baggage}
 * by default. This class still passes on members that are not declared.
 *
 * <p><b>Invalid input</b> is left out, as the standard requires, and counted in the {@linkplain #report() report}. It
 * is never an error of the request. This covers malformed headers, values beyond the {@linkplain Builder#limits
 * limits}, and values that the function cannot read. Of two members with one name, the last one counts. No value can
 * add a header or a member: characters that are not allowed in a member are percent-encoded, and a header of its own
 * with such characters is not sent.
 *
 * <p><b>Trust.</b> Incoming values are under the sender's control. A member can hold any text, including line breaks:
 * check it in the function that reads it. A value that is bound to a declared key is sent by every call of {@code
 * inject}: do not call it for requests to receivers that must not see the values.
 *
 * <p><b>Other threads.</b> Extracted values are bound like all others, and handed over as their keys declare. Injecting
 * reads the bindings of the calling thread.
 *
 * <p>Instances are thread-safe, and immutable except for the counts. Unless noted otherwise, passing null throws a
 * {@code NullPointerException} that names the parameter. A key that is bound to null is not sent.
 */
public final class ContextBaggage {

    private final Declaration declaration;

    private ContextBaggage(Builder builder) {
        this.declaration = new Declaration(unmodifiableMap(new LinkedHashMap<>(builder.members)),
                List.copyOf(builder.headers.values()), builder.limits, !builder.declaredOnly,
                ContextKey.named("baggage to pass on"), new Counters());
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
     * is ignored. A member or header that does not fit the limits, or cannot be written, is left out and counted.
     *
     * @param setter sets a header, given its name and value, such as {@code request::setHeader} of a {@code
     *        java.net.http.HttpRequest.Builder}. It is called once for each header to set. Its exceptions propagate
     *        unchanged
     * @throws RuntimeException if a function that writes a value throws it; no header has been set
     */
    public void inject(BiConsumer<String, String> setter) {
        inject(setter, name -> null);
    }

    /**
     * Writes the values bound to the declared keys into the headers of a message, as {@link #inject(BiConsumer)} does,
     * and merges them with the {@code baggage} header that another library, or another declaration, has set.
     *
     * <p>The bound value replaces an existing member of a declared name. If the key is unbound or bound to null, the
     * member is removed. The other members keep their order and their properties; {@link Builder#declaredOnly()}
     * removes them. Members that have arrived and are {@linkplain #extract passed on} are added, unless the message has
     * one with the same name.
     *
     * <p>The existing header is read within the limits, as in {@link #extract}: malformed members are left out and
     * counted. The limits hold for the merged header too, and declared members come first. If no member remains, the
     * header is set to the empty string, which receivers read as no baggage.
     *
     * @param setter sets a header, given its name and value, and replaces all its existing values. It is called once
     *        for each header to set. Its exceptions propagate unchanged
     * @param headers returns the existing values of a header, null or none if there are none, as for {@link #extract}.
     *        An example is {@code request.build().headers()::allValues} of a {@code java.net.http.HttpRequest.Builder}.
     *        It is called with {@code "baggage"} before any header is set. Its exceptions propagate unchanged
     * @throws RuntimeException if a function that writes a value throws it; no header has been set
     */
    public void inject(BiConsumer<String, String> setter,
            Function<String, ? extends @Nullable Iterable<String>> headers) {
        requireNonNull(setter, "setter");
        requireNonNull(headers, "headers");
        Sender.write(declaration, HeaderValues.of(Declaration.BAGGAGE, headers)).forEach(setter);
    }

    /**
     * Reads the headers of a message.
     *
     * @param headers returns the values of all headers with a name, in the order of arrival, null or none if there are
     *        none. An example is {@code exchange.getRequestHeaders()::get} of a {@code
     *        com.sun.net.httpserver.HttpExchange}. It should ignore case. It is called with {@code "baggage"} and with
     *        the name of each declared header. Its exceptions propagate unchanged
     * @return bindings of the declared keys for which a readable value has arrived
     */
    public Bindings extract(Function<String, ? extends @Nullable Iterable<String>> headers) {
        requireNonNull(headers, "headers");
        return Receiver.read(declaration, headers);
    }

    /**
     * Returns the counts of input and output that was left out since this object was created.
     *
     * @return the counts, each of which only grows
     */
    public BaggageReport report() {
        return declaration.counters().report();
    }

    /** Returns the names on the wire. */
    @Override
    public String toString() {
        return "ContextBaggage[members " + declaration.members().keySet() + ", headers "
                + declaration.headers().stream().map(WireKey::name).toList() + "]";
    }

    /** Declares the keys that travel. Instances are not thread-safe. */
    public static final class Builder {

        private final Map<String, WireKey<?>> members = new LinkedHashMap<>();
        private final Map<String, WireKey<?>> headers = new LinkedHashMap<>();
        private Limits limits = Limits.STANDARD;
        private boolean declaredOnly;

        private Builder() {
        }

        /**
         * Declares a key whose text travels as a member of the {@code baggage} header.
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
         * @param write returns the text of a value, or null if it must not be sent; called by {@code inject}
         * @param read returns the value of a text, or refuses it with an exception or null; called by {@link #extract}
         *        with unchecked input
         * @param <T> the type of the values
         * @return this builder
         * @throws IllegalArgumentException if a member has this name already, or if it is no token: empty, or with
         *         characters other than letters, digits and {@code !#$%&'*+-.^_`|~}
         */
        public <T> Builder member(String name, ContextKey<T> key, Function<? super T, ? extends @Nullable String> write,
                Function<String, ? extends @Nullable T> read) {
            declare(members, requireToken(name), wireKey(name, key, write, read));
            return this;
        }

        /**
         * Declares a key whose text travels in a header of its own.
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
         * Declares a key that travels in a header of its own. The text must consist of visible US-ASCII characters,
         * with spaces only between them. A header that arrives more than once is malformed.
         *
         * @param name the name of the header
         * @param key the key
         * @param write returns the text of a value, or null if it must not be sent; called by {@code inject}
         * @param read returns the value of a text, or refuses it with an exception or null; called by {@link #extract}
         *        with unchecked input
         * @param <T> the type of the values
         * @return this builder
         * @throws IllegalArgumentException if a header has this name already, or if it is {@code baggage} or no token
         */
        public <T> Builder header(String name, ContextKey<T> key, Function<? super T, ? extends @Nullable String> write,
                Function<String, ? extends @Nullable T> read) {
            String folded = requireToken(name).toLowerCase(Locale.ROOT);
            if (folded.equals(Declaration.BAGGAGE)) {
                throw new IllegalArgumentException(
                        "The header \"" + name + "\" holds the members: declare the key with member(...)");
            }
            declare(headers, folded, wireKey(name, key, write, read));
            return this;
        }

        /**
         * Sets the limits of the baggage of an incoming or outgoing message: 64 members and 8,192 bytes by default, in
         * all {@code baggage} headers of a message together. A header of its own may have the same number of bytes. The
         * standard requires platforms that pass baggage on to support at least the default.
         *
         * @param members the number of members
         * @param bytes the number of bytes
         * @return this builder
         * @throws IllegalArgumentException if one of them is not positive
         */
        public Builder limits(int members, int bytes) {
            this.limits = new Limits(members, bytes);
            return this;
        }

        /**
         * Drops members that are not declared, instead of passing them on. Use it if requests come from untrusted
         * senders, or go to untrusted receivers. {@link #inject(BiConsumer, Function)} also removes those of the
         * message.
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
         * @return the declaration so far
         */
        public ContextBaggage build() {
            return new ContextBaggage(this);
        }

        private static <T> WireKey<T> wireKey(String name, ContextKey<T> key,
                Function<? super T, ? extends @Nullable String> write,
                Function<String, ? extends @Nullable T> read) {
            return new WireKey<>(name, requireNonNull(key, "key"), requireNonNull(write, "write"),
                    requireNonNull(read, "read"));
        }

        private static String requireToken(String name) {
            if (!Grammar.isToken(requireNonNull(name, "name"))) {
                throw new IllegalArgumentException("\"" + name + "\" cannot be a name on the wire: use letters, digits"
                        + " and !#$%&'*+-.^_`|~, and at least one of them");
            }
            return name;
        }

        private static void declare(Map<String, WireKey<?>> to, String name, WireKey<?> declared) {
            WireKey<?> before = to.putIfAbsent(name, declared);
            if (before != null) {
                throw new IllegalArgumentException("\"" + before.name() + "\" is already the name of " + before.key()
                        + ": give " + declared.key() + " another one");
            }
        }
    }
}
