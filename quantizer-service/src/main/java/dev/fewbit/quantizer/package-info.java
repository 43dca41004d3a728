/**
 * The quantizer: makes the artifact of a recipe. {@code method} rounds weights, {@code footprint} counts bytes, {@code artifact} writes
 * directories, {@code inspection} reads them; these know neither Kafka nor a database and are also called by the command line.
 * {@code job} keeps requests as rows and works on them, {@code messaging} connects the rows to Kafka, {@code api} says whether the
 * service is ready.
 */
package dev.fewbit.quantizer;
