/**
 * Reads YAML (or JSON, which is YAML) into the records of {@code contracts}, strictly: unknown, missing, repeated and
 * misspelt keys are reported with line, column and the nearest key.
 */
package dev.fewbit.yaml;
