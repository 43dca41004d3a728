/**
 * Outcomes of an execution, and the rules that give them. The rules' version is part of a verdict's identity.
 */
package dev.fewbit.sandbox.outcome;
