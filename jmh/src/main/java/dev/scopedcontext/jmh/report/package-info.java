/** Creates a page of tables and charts from the results of benchmarks. */
package dev.scopedcontext.jmh.report;
