/** What the services of the demo are made with, as a company might have it: threads, a server, replies, traces. */
@NullMarked
package service;

import org.jspecify.annotations.NullMarked;
