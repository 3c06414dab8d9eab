/**
 * A service that tells what orders cost, on a port of its own. Nothing but HTTP connects it with {@link orders}: the
 * request and its tenant arrive as baggage, the deadline as the time that is left. Start reading at {@link
 * pricing.Wire}.
 */
@NullMarked
package pricing;

import org.jspecify.annotations.NullMarked;
