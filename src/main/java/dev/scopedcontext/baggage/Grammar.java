package dev.scopedcontext.baggage;

import java.util.BitSet;

/** The syntax of the parts of a header: RFC 7230 for tokens, the W3C's text for values. */
final class Grammar {

    private static final BitSet TOKEN = new BitSet();

    /** US-ASCII without controls, whitespace, the quotation mark, comma, semicolon and backslash. */
    private static final BitSet OCTET = new BitSet();

    static {
        OCTET.set('!', 0x7F);
        "\",;\\".chars().forEach(OCTET::clear);
        TOKEN.or(OCTET);
        "()/:<=>?@[]{}".chars().forEach(TOKEN::clear);
    }

    private Grammar() {
    }

    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(TOKEN::get);
    }

    static boolean isOctet(int c) {
        return OCTET.get(c);
    }

    /** Returns whether a text is a value of a member or property: octets, with two digits after each percent sign. */
    static boolean isValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isOctet(c) || (c == '%' && !PercentCoding.isCoded(text, i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether a text can be the value of a header: visible characters, with spaces only between them. */
    static boolean isHeaderValue(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7F) && !text.startsWith(" ") && !text.endsWith(" ");
    }

    /** Returns a part of a text without the white space around it, which is spaces and tabs. */
    static String trim(String text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (start < end && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
