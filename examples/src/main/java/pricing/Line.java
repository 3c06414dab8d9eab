package pricing;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import service.HttpError;

/** A quantity, with the list price of one piece. */
record Line(int quantity, BigDecimal price) {

    private static final Pattern LINE = Pattern.compile("(\\d{1,4})x(\\d{1,8}\\.\\d{2})");

    /** Reads lines such as {@code 2x31.50,12x8.00}. */
    static List<Line> parse(String lines) {
        return Stream.of(lines.split(",")).map(Line::parseOne).toList();
    }

    private static Line parseOne(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new HttpError(400, "expected 2x31.50,12x8.00 but got " + line);
        }
        return new Line(Integer.parseInt(parts.group(1)), new BigDecimal(parts.group(2)));
    }
}
