/**
 * What people see while a study runs and after: a line a stage, redrawn in place on a terminal and printed now and then elsewhere, and
 * the table of pass@1 beside memory. Progress goes to standard error, results to standard output.
 */
package dev.fewbit.launcher.terminal;
