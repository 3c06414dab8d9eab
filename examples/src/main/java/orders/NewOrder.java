package orders;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import service.HttpError;

/** An order that a user wants to place. */
record NewOrder(long customer, List<Item> items) {

    private static final Pattern FORM = Pattern.compile("customer=(\\d{1,9})((?:&item=\\d{1,4}x\\d{1,9})+)");
    private static final Pattern ITEM = Pattern.compile("&item=(\\d+)x(\\d+)");

    /** A quantity of a product. */
    record Item(int quantity, long product) {
    }

    /** Reads a form such as {@code customer=7&item=2x31&item=1x8}: two pieces of product 31, one of product 8. */
    static NewOrder parse(String form) {
        Matcher parts = FORM.matcher(form);
        if (!parts.matches()) {
            throw new HttpError(400, "expected customer=7&item=2x31 but got " + form);
        }
        List<Item> items = new ArrayList<>();
        for (Matcher item = ITEM.matcher(parts.group(2)); item.find();) {
            items.add(new Item(Integer.parseInt(item.group(1)), Long.parseLong(item.group(2))));
        }
        return new NewOrder(Long.parseLong(parts.group(1)), items);
    }

    /** Writes the form that {@link #parse} reads. */
    String form() {
        StringBuilder form = new StringBuilder("customer=").append(customer);
        items.forEach(item -> form.append("&item=").append(item.quantity()).append('x').append(item.product()));
        return form.toString();
    }
}
