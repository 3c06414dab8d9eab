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

    private final Declared declared;
    private final Function<String, ? extends @Nullable Iterable<String>> headers;
    private Bindings bindings = ScopedContext.without();

    private Receiver(Declared declared, Function<String, ? extends @Nullable Iterable<String>> headers) {
        this.declared = declared;
        this.headers = headers;
    }

    static Bindings read(Declared declared, Function<String, ? extends @Nullable Iterable<String>> headers) {
        Receiver receiver = new Receiver(declared, headers);
        receiver.readMembers();
        declared.headers().forEach(receiver::readHeader);
        return receiver.bindings;
    }

    private void readMembers() {
        Map<Travelling<?>, String> arrived = new LinkedHashMap<>();
        List<ListMember> foreign = new ArrayList<>();
        MemberReader reader = new MemberReader(declared.limits(), declared.tally());
        for (String header : HeaderValues.of(Declared.BAGGAGE, headers)) {
            reader.read(header, member -> {
                Travelling<?> known = declared.members().get(member.key());
                if (known == null) {
                    foreign.add(member);
                } else {
                    arrived.put(known, member.value());
                }
            });
        }
        if (reader.isCut()) {
            declared.tally().beyondLimits.increment();
        }
        arrived.forEach((known, value) -> bind(known, PercentCoding.decode(value)));
        if (declared.passesOn() && !foreign.isEmpty()) {
            bindings = bindings.where(declared.passedOn(), List.copyOf(foreign));
        }
    }

    private void readHeader(Travelling<?> header) {
        List<String> values = HeaderValues.of(header.name(), headers);
        if (values.isEmpty()) {
            return;
        }
        String value = Grammar.trim(values.get(0), 0, values.get(0).length());
        if (value.length() > declared.limits().bytes()) {
            declared.tally().beyondLimits.increment();
        } else if (values.size() > 1 || !Grammar.isHeaderValue(value)) {
            declared.tally().malformed.increment();
        } else {
            bind(header, value);
        }
    }

    private <T> void bind(Travelling<T> known, String text) {
        T value = known.valueOf(text);
        if (value == null) {
            declared.tally().unreadable.increment();
        } else {
            bindings = bindings.where(known.key(), value);
        }
    }
}
