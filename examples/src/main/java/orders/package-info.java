/**
 * A small order service for two tenants, and the shoppers who prove that no request sees another's data. Start
 * reading at {@link orders.Current}, what every layer knows without being told, and {@link orders.OrderServer}. What
 * orders cost it asks another service, {@link pricing}, which {@link orders.Wire} tells what it has to know.
 */
@NullMarked
package orders;

import org.jspecify.annotations.NullMarked;
