package dev.scopedcontext.baggage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;

/**
 * Percent-encoding of UTF-8, as in RFC 3986. Not that of {@code URLEncoder} and {@code URLDecoder}, to which a plus
 * sign is a space.
 */
final class PercentCoding {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** What the standard puts in place of what is not Unicode: U+FFFD. */
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(UTF_8);

    private PercentCoding() {
    }

    static String encode(String text) {
        int start = plain(text, 0);
        if (start == text.length()) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        int from = 0;
        while (start < text.length()) {
            encoded.append(text, from, start);
            from = coded(text, start);
            appendCoded(encoded, text, start, from);
            start = plain(text, from);
        }
        return encoded.append(text, from, start).toString();
    }

    /** Decodes what is known to be {@linkplain Grammar#isValue well-formed}. */
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
        return new String(bytes, 0, length, UTF_8);
    }

    /** Tells whether a percent sign and two digits stand at an index. */
    static boolean isCoded(String text, int at) {
        return text.charAt(at) == '%' && at + 2 < text.length() && HexFormat.isHexDigit(text.charAt(at + 1))
                && HexFormat.isHexDigit(text.charAt(at + 2));
    }

    /** Returns where the characters end, from an index on, that stand for themselves. */
    private static int plain(String text, int from) {
        int i = from;
        while (i < text.length() && isPlain(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static int coded(String text, int from) {
        int i = from;
        while (i < text.length() && !isPlain(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** A plus sign may stand for itself, but there are decoders that take it for a space. */
    private static boolean isPlain(char c) {
        return Grammar.isOctet(c) && c != '%' && c != '+';
    }

    private static void appendCoded(StringBuilder to, String text, int start, int end) {
        CharsetEncoder encoder = UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE)
                .replaceWith(REPLACEMENT);
        try {
            ByteBuffer bytes = encoder.encode(CharBuffer.wrap(text, start, end));
            while (bytes.hasRemaining()) {
                HEX.toHexDigits(to.append('%'), bytes.get());
            }
        } catch (CharacterCodingException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
