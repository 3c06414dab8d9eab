/**
 * A small order service for two tenants, and shoppers who check that no request sees the data of another. Start
 * reading at {@link orders.Current}, which declares the values that every layer can read, and {@link
 * orders.OrderServer}. Another service, {@link pricing}, prices the orders. {@link orders.Wire} declares the values
 * that are sent to it.
 */
@NullMarked
package orders;

import org.jspecify.annotations.NullMarked;
