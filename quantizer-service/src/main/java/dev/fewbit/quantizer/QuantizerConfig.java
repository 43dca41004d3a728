package dev.fewbit.quantizer;

import dev.fewbit.quantizer.artifact.Device;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of the quantizer service. */
@ConfigMapping(prefix = "fewbit.quantizer")
public interface QuantizerConfig {
    /** Directory of the object store that artifacts go to. No default: it is shared with the other services. */
    Path store();

    /** Directory of what can be computed again: the 16-bit models' part of fidelity. Default: {@code cache} beside the store. */
    Optional<Path> cache();

    /**
     * Directory of unfinished work: layers that are done of an artifact that is not, which the next attempt goes on with. Default: {@code
     * unfinished} beside the store.
     */
    Optional<Path> unfinished();

    /**
     * Folder with a folder for each benchmark that calibration text is compared with. Default: none, the reference model's alone, as
     * benchmarks of others are not ours to ship.
     */
    Optional<Path> benchmarks();

    /**
     * Memory off the heap that a calibrated quantization may take; residual streams that do not fit lie in mapped files below {@link #unfinished}.
     * A limit below what one layer needs is refused with the numbers. Default: half of the machine's memory or of the container's limit, so that
     * heap and page cache have the other half.
     */
    Optional<MemorySize> memory();

    /** Where relative checkpoint paths of requests start: the installation's root. Default: the working directory. */
    @WithDefault(".")
    Path root();

    /**
     * What calibration windows are computed on: {@code cpu} or {@code cuda}, an NVIDIA GPU with the driver, cuBLAS, NVRTC and cuSOLVER.
     * Default {@code cpu}: it is there everywhere, and a GPU shows in the bytes of an artifact.
     */
    @WithDefault("cpu")
    Device device();

    /** Jobs worked on at a time. Default 1: one job already uses all cores. */
    @WithDefault("1")
    int workers();

    /** How often a running job's lease is renewed. Default 5 s. */
    @WithDefault("5s")
    Duration heartbeat();

    /** How long a claim holds without a renewal. Default 15 s: three heartbeats, so that one lost renewal is no loss of the job. */
    @WithDefault("15s")
    Duration lease();

    /** How often an idle worker looks for jobs that other instances took in or let go. Default 1 s. */
    @WithDefault("1s")
    Duration poll();

    /** How often the outbox is looked through. Default 200 ms: a study waits no longer for what is known. */
    @WithDefault("200ms")
    Duration relay();

    /** Attempts after which a job whose workers die or whose disk fails is given up. Default 5. */
    @WithDefault("5")
    int attempts();

    /** How long a job waits after its disk or store failed. Default 10 s: time for space to be made. */
    @WithDefault("10s")
    Duration retryPause();

    /** Workspaces nothing was written to for so long are removed, at start and this often. Default 1 h: no weight takes so long. */
    @WithDefault("1h")
    Duration abandonedAfter();

    /** Unfinished work that nobody went on with for so long is removed. Default 7 d: longer than a failure over a weekend. */
    @WithDefault("7d")
    Duration unfinishedKept();
}
