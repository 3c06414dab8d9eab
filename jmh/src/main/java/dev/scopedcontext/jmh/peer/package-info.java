/** The peers that are compared: this library, the JDK's means, and other libraries, behind one set of operations. */
package dev.scopedcontext.jmh.peer;
