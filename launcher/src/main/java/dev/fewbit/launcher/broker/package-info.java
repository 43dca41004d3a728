/**
 * A Kafka broker of one node (KRaft, broker and controller in one) in a JVM of its own. Its directory is formatted once; its
 * topics are made before it says that it is ready, since no service may create them by accident.
 */
package dev.fewbit.launcher.broker;
