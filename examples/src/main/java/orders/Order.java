package orders;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/** An order as it is in the database, without its price, which the pricing service returns. */
record Order(long id, String customer, LocalDate placedOn, List<Line> lines) {

    /** A quantity of a product, with the list price of one piece. */
    record Line(String product, int quantity, BigDecimal price) {
    }
}
