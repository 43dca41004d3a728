/** Whether the service can do its work: the readiness beside those of database and broker. There is no other HTTP interface. */
package dev.fewbit.quantizer.api;
