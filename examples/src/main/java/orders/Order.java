package orders;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/** An order as the database holds it: without what it costs, which the pricing service knows. */
record Order(long id, String customer, LocalDate placedOn, List<Line> lines) {

    /** So many pieces of a product, at the price of the list for one. */
    record Line(String product, int quantity, BigDecimal price) {
    }
}
