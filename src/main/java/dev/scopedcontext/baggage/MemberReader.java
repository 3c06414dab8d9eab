package dev.scopedcontext.baggage;

import java.util.function.Consumer;

/** Reads the {@code baggage} headers of one message, which count as one list, within the limits. */
final class MemberReader {

    private final Counters counters;
    private int membersLeft;
    private int bytesLeft;
    private boolean cut;

    MemberReader(Limits limits, Counters counters) {
        this.counters = counters;
        this.membersLeft = limits.members();
        this.bytesLeft = limits.bytes();
    }

    void read(String header, Consumer<ListMember> to) {
        String readable = withinBytes(header);
        bytesLeft = Math.max(0, bytesLeft - readable.length() - 1);
        int start = 0;
        while (start < readable.length()) {
            int comma = readable.indexOf(',', start);
            int end = comma < 0 ? readable.length() : comma;
            readMember(Grammar.trim(readable, start, end), to);
            start = end + 1;
        }
    }

    /** Returns whether any input so far was beyond the limits. */
    boolean isCut() {
        return cut;
    }

    /** Leaves out the members that are not completely within the limit. */
    private String withinBytes(String header) {
        if (header.length() <= bytesLeft) {
            return header;
        }
        cut = true;
        return header.substring(0, Math.max(0, header.lastIndexOf(',', bytesLeft)));
    }

    private void readMember(String text, Consumer<ListMember> to) {
        if (text.isEmpty()) {
            return; // RFC 7230 requires that empty elements of a list are ignored
        }
        if (membersLeft == 0) {
            cut = true;
            return;
        }
        membersLeft--;
        ListMember member = ListMember.parse(text);
        if (member == null) {
            counters.malformed.increment();
        } else {
            to.accept(member);
        }
    }
}
