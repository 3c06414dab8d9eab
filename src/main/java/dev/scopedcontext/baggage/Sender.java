package dev.scopedcontext.baggage;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the bound values into headers: all of them before any is set, so that no request leaves with a part. */
final class Sender {

    private final Declared declared;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Sender(Declared declared) {
        this.declared = declared;
    }

    /** Returns the headers to set on a message that has some {@code baggage} headers already. */
    static Map<String, String> write(Declared declared, List<String> present) {
        Sender sender = new Sender(declared);
        sender.writeMembers(present);
        declared.headers().forEach(sender::writeHeader);
        return sender.headers;
    }

    /** Declared members come first, so that the others cannot leave them no place. */
    private void writeMembers(List<String> present) {
        MemberWriter writer = new MemberWriter(declared.limits());
        MemberReader reader = new MemberReader(declared.limits(), declared.tally());
        writeDeclared(writer);
        Set<String> names = present.isEmpty() ? Set.of() : writePresent(present, reader, writer);
        writePassedOn(names, writer);
        if (reader.isCut() || writer.isCut()) {
            declared.tally().beyondLimits.increment();
        }
        String header = writer.header();
        if (!header.isEmpty() || !present.isEmpty()) { // a setter cannot remove a header
            headers.put(Declared.BAGGAGE, header);
        }
    }

    private void writeDeclared(MemberWriter writer) {
        for (Travelling<?> member : declared.members().values()) {
            String value = member.written();
            if (value != null) {
                writer.write(member.name(), value);
            }
        }
    }

    /** Writes the members that the message has and that are not declared, and returns their names. */
    private Set<String> writePresent(List<String> present, MemberReader reader, MemberWriter writer) {
        Set<String> names = new HashSet<>();
        for (String header : present) {
            reader.read(header, member -> {
                if (declared.passesOn() && !declared.members().containsKey(member.key())) {
                    names.add(member.key());
                    writer.write(member);
                }
            });
        }
        return names;
    }

    private void writePassedOn(Set<String> except, MemberWriter writer) {
        for (ListMember member : declared.passedOn().find().orElse(List.of())) {
            if (!except.contains(member.key())) {
                writer.write(member);
            }
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
