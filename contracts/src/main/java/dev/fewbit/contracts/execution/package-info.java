/** Programs to execute, the limits they get and the verdicts they earn. */
package dev.fewbit.contracts.execution;
