/**
 * The system call filter of a jail: a readable policy file and tables of numbers go in, a classic BPF program comes out. No
 * libseccomp at run time. {@code SeccompCompilerTest} interprets the program on an interpreter of its own.
 */
package dev.fewbit.sandbox.isolation.seccomp;
