/** Makes a page of tables and charts of what benchmarks have measured. */
package dev.scopedcontext.jmh.report;
