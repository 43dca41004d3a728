/** What the launcher does with benchmarks beside listing them: calibration texts are searched for their problems. */
package dev.fewbit.launcher.benchmark;
