/** A service that serves requests, written once for each way to have context values. */
package dev.scopedcontext.jmh.request;
