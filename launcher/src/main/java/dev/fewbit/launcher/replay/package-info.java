/**
 * Replay: completions from elsewhere are put together as their benchmark's harness does it, executed in this process' jails and
 * counted. The same program with the same tests runs once; verdicts are kept while a run is under way, so that a stopped one goes on.
 */
package dev.fewbit.launcher.replay;
