/**
 * A service that prices orders, on a port of its own. Only HTTP connects it with {@link orders}: the request id and the
 * tenant arrive as baggage, and the deadline as the time that is left. Start reading at {@link pricing.Wire}.
 */
@NullMarked
package pricing;

import org.jspecify.annotations.NullMarked;
