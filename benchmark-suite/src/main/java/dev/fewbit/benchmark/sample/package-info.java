/**
 * Samples of other tools: files and folders of what models wrote, told apart by what they hold, checked line by line and put under the
 * problems of a benchmark. Verdicts that such files may hold are not read.
 */
package dev.fewbit.benchmark.sample;
