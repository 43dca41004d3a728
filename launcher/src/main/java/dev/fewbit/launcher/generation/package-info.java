/**
 * Generating on this machine without services: samples of an artifact on a benchmark, kept as they finish, so that a run that was stopped goes
 * on with the sample that was missing.
 */
package dev.fewbit.launcher.generation;
