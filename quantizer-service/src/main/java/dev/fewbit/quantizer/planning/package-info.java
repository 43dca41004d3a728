/**
 * What a checkpoint will take before there is one: the sizes of its artifact, to the byte, by laying the artifact out without weights; and
 * the memory and disk to make and to serve it, by adding up what the code holds at a time. Peaks are estimates and say so.
 */
package dev.fewbit.quantizer.planning;
