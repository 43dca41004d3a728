/** A study as people write it, and what the gateway's API says of it. */
package dev.fewbit.contracts.study;
