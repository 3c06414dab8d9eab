package dev.scopedcontext.baggage;

import org.jspecify.annotations.Nullable;

/**
 * A member of the list in a {@code baggage} header.
 *
 * @param key its name
 * @param value its value, percent-encoded
 * @param text the whole member with its properties, without white space
 */
record ListMember(String key, String value, String text) {

    /** Reads a member, or returns null if it is not in the format of the standard. */
    static @Nullable ListMember parse(String text) {
        int semicolon = text.indexOf(';');
        int end = semicolon < 0 ? text.length() : semicolon;
        int equal = text.indexOf('=');
        if (equal < 0 || equal > end) {
            return null;
        }
        String key = Grammar.trim(text, 0, equal);
        String value = Grammar.trim(text, equal + 1, end);
        boolean valid = Grammar.isToken(key) && Grammar.isValue(value) && areProperties(text, end);
        return valid ? new ListMember(key, value, withoutSpace(text)) : null;
    }

    private static boolean areProperties(String text, int firstSemicolon) {
        int start = firstSemicolon;
        while (start < text.length()) {
            int next = text.indexOf(';', start + 1);
            int end = next < 0 ? text.length() : next;
            if (!isProperty(Grammar.trim(text, start + 1, end))) {
                return false;
            }
            start = end;
        }
        return true;
    }

    private static boolean isProperty(String text) {
        int equal = text.indexOf('=');
        if (equal < 0) {
            return Grammar.isToken(text);
        }
        return Grammar.isToken(Grammar.trim(text, 0, equal))
                && Grammar.isValue(Grammar.trim(text, equal + 1, text.length()));
    }

    /** A well-formed member has white space only between its parts. */
    private static String withoutSpace(String text) {
        return text.replace(" ", "").replace("\t", "");
    }
}
