package dev.scopedcontext.baggage;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the bound values into headers. All are written before any is set, so no request has only a part of them. */
final class Sender {

    private final Declaration declaration;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Sender(Declaration declaration) {
        this.declaration = declaration;
    }

    /** Returns the headers to set on a message that has some {@code baggage} headers already. */
    static Map<String, String> write(Declaration declaration, List<String> present) {
        Sender sender = new Sender(declaration);
        sender.writeMembers(present);
        declaration.headers().forEach(sender::writeHeader);
        return sender.headers;
    }

    /** Writes the declared members first, so that the others cannot use up their space. */
    private void writeMembers(List<String> present) {
        MemberWriter writer = new MemberWriter(declaration.limits());
        MemberReader reader = new MemberReader(declaration.limits(), declaration.counters());
        writeDeclared(writer);
        Set<String> names = present.isEmpty() ? Set.of() : writePresent(present, reader, writer);
        writePassedOn(names, writer);
        if (reader.isCut() || writer.isCut()) {
            declaration.counters().beyondLimits.increment();
        }
        String header = writer.header();
        if (!header.isEmpty() || !present.isEmpty()) { // a setter cannot remove a header
            headers.put(Declaration.BAGGAGE, header);
        }
    }

    private void writeDeclared(MemberWriter writer) {
        for (WireKey<?> member : declaration.members().values()) {
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
                if (declaration.passesOn() && !declaration.members().containsKey(member.key())) {
                    names.add(member.key());
                    writer.write(member);
                }
            });
        }
        return names;
    }

    private void writePassedOn(Set<String> except, MemberWriter writer) {
        for (ListMember member : declaration.passedOn().find().orElse(List.of())) {
            if (!except.contains(member.key())) {
                writer.write(member);
            }
        }
    }

    private void writeHeader(WireKey<?> header) {
        String value = header.written();
        if (value == null) {
            return;
        }
        if (value.length() > declaration.limits().bytes()) {
            declaration.counters().beyondLimits.increment();
        } else if (!Grammar.isHeaderValue(value)) {
            declaration.counters().unwritable.increment();
        } else {
            headers.put(header.name(), value);
        }
    }
}
