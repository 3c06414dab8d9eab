/** The shared parts of the services, as a company might have them: threads, a server, replies and traces. */
@NullMarked
package service;

import org.jspecify.annotations.NullMarked;
