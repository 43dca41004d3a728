/** HTTP: the installed languages and the service's health. Programs come by Kafka. */
package dev.fewbit.sandbox.api;
