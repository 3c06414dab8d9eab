package dev.scopedcontext.baggage;

/** Writes the {@code baggage} header of one message: members as long as they fit, and none in part. */
final class MemberWriter {

    private final StringBuilder header = new StringBuilder();
    private final Tally tally;
    private final int bytes;
    private int membersLeft;
    private boolean cut;

    MemberWriter(Limits limits, Tally tally) {
        this.tally = tally;
        this.bytes = limits.bytes();
        this.membersLeft = limits.members();
    }

    void write(String name, String value) {
        // Encoding makes nothing shorter, so that what is much too long need not be encoded.
        if (fits(name.length() + 1 + value.length())) {
            write(name + "=" + PercentCoding.encode(value));
        } else {
            cut = true;
        }
    }

    void write(String member) {
        if (!fits(member.length())) {
            cut = true;
            return;
        }
        if (header.length() > 0) {
            header.append(',');
        }
        header.append(member);
        membersLeft--;
    }

    /** Returns what has been written, empty if nothing has. */
    String end() {
        if (cut) {
            tally.beyondLimits.increment();
        }
        return header.toString();
    }

    private boolean fits(int length) {
        int comma = header.length() > 0 ? 1 : 0;
        return membersLeft > 0 && length <= bytes - header.length() - comma;
    }
}
