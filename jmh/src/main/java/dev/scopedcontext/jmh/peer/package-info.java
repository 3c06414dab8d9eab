/** What is compared: the library, the JDK by hand, and other libraries, each behind one set of operations. */
package dev.scopedcontext.jmh.peer;
