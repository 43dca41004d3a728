/**
 * From a checkpoint and a recipe to an artifact's directory, whole or not at all. The same inputs give the same bytes, so that an
 * artifact's digest can be its name. The format is described in {@code docs/formats.md}.
 */
package dev.fewbit.quantizer.artifact;
