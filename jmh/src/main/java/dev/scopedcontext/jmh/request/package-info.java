/** A service that serves requests, implemented once for each way to have context values. */
package dev.scopedcontext.jmh.request;
