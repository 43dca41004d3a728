/**
 * The sandbox-service: executes programs that a language model wrote, in jails, and says what became of them. It keeps nothing.
 */
package dev.fewbit.sandbox;
