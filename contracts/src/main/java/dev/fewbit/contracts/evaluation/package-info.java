/** What an artifact is judged on, how completions are drawn, and what comes out: problems, samples, verdicts. */
package dev.fewbit.contracts.evaluation;
