/**
 * Main classes that run inside jails, on the JDK alone. They are packed into a jar of their own when the service starts, so that
 * nothing else of the service is ever in a jail.
 */
package dev.fewbit.sandbox.jailed;
