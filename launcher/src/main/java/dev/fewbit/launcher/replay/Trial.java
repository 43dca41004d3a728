package dev.fewbit.launcher.replay;

/**
 * A program to be executed with its tests.
 *
 * @param id the verdict's identity: digest of all that decides it
 * @param problem it is an answer to
 * @param program without its tests
 * @param tests that follow it
 */
record Trial(String id, String problem, String program, String tests) {}
