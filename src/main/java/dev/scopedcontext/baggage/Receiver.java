package dev.scopedcontext.baggage;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads headers into bindings. */
final class Receiver {

    private final Declaration declaration;
    private final Function<String, ? extends @Nullable Iterable<String>> headers;
    private Bindings bindings = ScopedContext.without();

    private Receiver(Declaration declaration, Function<String, ? extends @Nullable Iterable<String>> headers) {
        this.declaration = declaration;
        this.headers = headers;
    }

    static Bindings read(Declaration declaration, Function<String, ? extends @Nullable Iterable<String>> headers) {
        Receiver receiver = new Receiver(declaration, headers);
        receiver.readMembers();
        declaration.headers().forEach(receiver::readHeader);
        return receiver.bindings;
    }

    private void readMembers() {
        Map<WireKey<?>, String> arrived = new LinkedHashMap<>();
        List<ListMember> foreign = new ArrayList<>();
        MemberReader reader = new MemberReader(declaration.limits(), declaration.counters());
        for (String header : HeaderValues.of(Declaration.BAGGAGE, headers)) {
            reader.read(header, member -> {
                WireKey<?> known = declaration.members().get(member.key());
                if (known == null) {
                    foreign.add(member);
                } else {
                    arrived.put(known, member.value());
                }
            });
        }
        if (reader.isCut()) {
            declaration.counters().beyondLimits.increment();
        }
        arrived.forEach((known, value) -> bind(known, PercentCoding.decode(value)));
        if (declaration.passesOn() && !foreign.isEmpty()) {
            bindings = bindings.where(declaration.passedOn(), List.copyOf(foreign));
        }
    }

    private void readHeader(WireKey<?> header) {
        List<String> values = HeaderValues.of(header.name(), headers);
        if (values.isEmpty()) {
            return;
        }
        String value = Grammar.trim(values.get(0), 0, values.get(0).length());
        if (value.length() > declaration.limits().bytes()) {
            declaration.counters().beyondLimits.increment();
        } else if (values.size() > 1 || !Grammar.isHeaderValue(value)) {
            declaration.counters().malformed.increment();
        } else {
            bind(header, value);
        }
    }

    private <T> void bind(WireKey<T> known, String text) {
        T value = known.valueOf(text);
        if (value == null) {
            declaration.counters().unreadable.increment();
        } else {
            bindings = bindings.where(known.key(), value);
        }
    }
}
