/** The commands. Each is thin: it reads its options, calls what does the work, and turns the outcome into text and an exit status. */
package dev.fewbit.launcher.cli;
