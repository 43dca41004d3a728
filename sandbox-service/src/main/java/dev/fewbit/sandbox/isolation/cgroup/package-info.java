/**
 * Memory and process limits of a process tree: control groups of version 2 or 1 where they can be written, found by trying, else a
 * watchdog. Which one it is travels in every result. Version 2 was written from the kernel's documentation; the machines it was
 * tested on have version 1.
 */
package dev.fewbit.sandbox.isolation.cgroup;
