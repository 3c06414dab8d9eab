package dev.scopedcontext.baggage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;

/**
 * Percent-encoding of UTF-8, as in RFC 3986. It differs from that of {@code URLEncoder} and {@code URLDecoder}, in
 * which a plus sign is a space.
 */
final class PercentCoding {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** The replacement for invalid Unicode. */
    private static final int REPLACEMENT = 0xFFFD;

    private PercentCoding() {
    }

    static void encode(String text, StringBuilder to) {
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isPlain(c)) {
                to.append((char) c);
            } else {
                encode(isHalf(c) ? REPLACEMENT : c, to);
            }
        }
    }

    /** Decodes a {@linkplain Grammar#isValue well-formed} value. */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isCoded(text, i)) {
                bytes[length++] = (byte) HexFormat.fromHexDigits(text, i + 1, i + 3);
                i += 2;
            } else {
                bytes[length++] = (byte) text.charAt(i);
            }
        }
        return new String(bytes, 0, length, UTF_8); // replaces invalid UTF-8 with U+FFFD
    }

    /** Returns whether a percent sign and two digits are at an index. */
    static boolean isCoded(String text, int at) {
        return text.charAt(at) == '%' && at + 2 < text.length() && HexFormat.isHexDigit(text.charAt(at + 1))
                && HexFormat.isHexDigit(text.charAt(at + 2));
    }

    /** A plus sign is allowed, but some decoders read it as a space. */
    private static boolean isPlain(int c) {
        return Grammar.isOctet(c) && c != '%' && c != '+';
    }

    /** Returns whether a code point is a surrogate without its counterpart. */
    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    /** Writes the bytes of UTF-8: one, or a first one that encodes the number of others, which hold six bits each. */
    private static void encode(int c, StringBuilder to) {
        if (c < 0x80) {
            encodeByte(c, to);
            return;
        }
        int following = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        encodeByte((0xFF00 >> (following + 1)) | (c >> (6 * following)), to);
        for (int shift = 6 * (following - 1); shift >= 0; shift -= 6) {
            encodeByte(0x80 | ((c >> shift) & 0x3F), to);
        }
    }

    private static void encodeByte(int value, StringBuilder to) {
        HEX.toHexDigits(to.append('%'), (byte) value);
    }
}
