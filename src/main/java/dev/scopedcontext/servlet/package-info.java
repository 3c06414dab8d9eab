/**
 * A scope around every request of a servlet container, asynchronous ones included: {@link
 * dev.scopedcontext.servlet.RequestFilter}.
 */
@NullMarked
package dev.scopedcontext.servlet;

import org.jspecify.annotations.NullMarked;
