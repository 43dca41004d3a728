/**
 * Matrices off the heap and the products and factorizations over them, by OpenBLAS through {@code java.lang.foreign}. Every call
 * runs on one thread over a tile whose size does not depend on the number of threads, and tiles are worked on in parallel: the same
 * inputs give the same bits on the same kind of processor however many threads there are.
 */
package dev.fewbit.quantizer.matrix;
