package dev.scopedcontext.baggage;

/** Writes the {@code baggage} header of one message: whole members, as long as they fit. */
final class MemberWriter {

    private final StringBuilder header = new StringBuilder();
    private final int bytes;
    private int membersLeft;
    private boolean cut;

    MemberWriter(Limits limits) {
        this.bytes = limits.bytes();
        this.membersLeft = limits.members();
    }

    void write(String name, String value) {
        int before = header.length();
        // Encoding never shortens a value, so one that is too long already is not encoded.
        boolean fits = begin(name.length() + 1 + value.length());
        if (fits) {
            PercentCoding.encode(value, header.append(name).append('='));
            fits = header.length() <= bytes;
        }
        end(fits, before);
    }

    void write(ListMember member) {
        int before = header.length();
        boolean fits = begin(member.text().length());
        if (fits) {
            header.append(member.text());
        }
        end(fits, before);
    }

    /** Returns whether any member so far did not fit. */
    boolean isCut() {
        return cut;
    }

    /** Returns the members written so far, as one header. */
    String header() {
        return header.toString();
    }

    /** Begins a member, and returns whether a member of at least this length fits. */
    private boolean begin(int length) {
        if (header.length() > 0) {
            header.append(',');
        }
        return membersLeft > 0 && length <= bytes - header.length();
    }

    /** Ends a member, or removes the written part of one that does not fit. */
    private void end(boolean fits, int before) {
        if (fits) {
            membersLeft--;
        } else {
            header.setLength(before);
            cut = true;
        }
    }
}
