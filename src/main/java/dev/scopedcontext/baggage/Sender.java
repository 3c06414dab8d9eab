package dev.scopedcontext.baggage;

import java.util.LinkedHashMap;
import java.util.Map;

/** Writes what is bound into headers: all of it before any is set, so that no request leaves with a part of it. */
final class Sender {

    private final Declared declared;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Sender(Declared declared) {
        this.declared = declared;
    }

    static Map<String, String> write(Declared declared) {
        Sender sender = new Sender(declared);
        sender.writeMembers();
        declared.headers().forEach(sender::writeHeader);
        return sender.headers;
    }

    /** Declared members come first, so that those that are only passed on cannot leave them no place. */
    private void writeMembers() {
        MemberWriter writer = new MemberWriter(declared.limits(), declared.tally());
        for (Travelling<?> member : declared.members().values()) {
            String value = member.written();
            if (value != null) {
                writer.write(member.name(), value);
            }
        }
        declared.passedOn().find().ifPresent(foreign -> foreign.forEach(writer::write));
        String header = writer.end();
        if (!header.isEmpty()) {
            headers.put(Declared.BAGGAGE, header);
        }
    }

    private void writeHeader(Travelling<?> header) {
        String value = header.written();
        if (value == null) {
            return;
        }
        if (value.length() > declared.limits().bytes()) {
            declared.tally().beyondLimits.increment();
        } else if (!Grammar.isHeaderValue(value)) {
            declared.tally().unwritable.increment();
        } else {
            headers.put(header.name(), value);
        }
    }
}
