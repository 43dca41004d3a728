/** Sample files as people take them elsewhere: JSON lines in, Parquet out. */
package dev.fewbit.launcher.samples;
