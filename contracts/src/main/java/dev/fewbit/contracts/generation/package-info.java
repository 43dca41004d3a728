/** Where completions come from when Fewbit does not generate them itself: a model that somebody else made, behind a server. */
package dev.fewbit.contracts.generation;
