/**
 * A study from the user's side: its file is read and checked before anything starts, it goes to the gateway by HTTP like anybody
 * else's, it is followed by server-sent events with reconnection, and its report and samples are written whole or not at all.
 */
package dev.fewbit.launcher.study;
