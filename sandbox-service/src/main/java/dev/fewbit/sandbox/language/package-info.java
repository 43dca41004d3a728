/**
 * The languages of programs: a small class each, with a probe of its toolchain. Python has a judge in a process of its own, Java a
 * warm jailed compiler and a fresh jailed JVM a program.
 */
package dev.fewbit.sandbox.language;
