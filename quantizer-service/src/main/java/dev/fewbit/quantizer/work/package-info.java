/**
 * What keeps long work alive. A {@link dev.fewbit.quantizer.work.WorkDirectory} holds, beside or below where an artifact is to appear,
 * what is finished of it: named blobs that are written whole, flushed, and only then entered in a journal. A process that is killed at
 * any moment leaves the journal of its last commit; the next one on the same key goes on from there. One process at a time has the
 * directory, by a file lock that dies with it. {@link dev.fewbit.quantizer.work.WorkObserver} is told how far it is.
 */
package dev.fewbit.quantizer.work;
