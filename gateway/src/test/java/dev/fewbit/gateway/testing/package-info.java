/** What the gateway's tests share: a database, an evaluator that answers, and the other services' side of the topics. */
package dev.fewbit.gateway.testing;
