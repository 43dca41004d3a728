/** What the tests with a real database share: the server, a generator of known completions, requests. */
package dev.fewbit.evaluator.testing;
