/**
 * The command line and the whole stack in one place. {@code cli} holds the commands; {@code stack} puts database,
 * broker and the four services on one data directory; {@code supervisor} starts, watches and stops child processes; {@code broker} and {@code database} are the two children that are not services of ours; {@code study}
 * submits a study through the gateway's HTTP API, follows it and writes its results; {@code terminal} draws progress.
 */
package dev.fewbit.launcher;
