package dev.fewbit.launcher.cli;

import dev.fewbit.generation.EngineOptions;
import dev.fewbit.generation.GenerationDevice;
import dev.fewbit.launcher.LauncherException;
import dev.fewbit.model.resident.GpuKernels;
import dev.fewbit.model.resident.HalfNumbers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How the engine runs here. */
final class EngineChoice {
    private static final int SLOTS = 16;
    private static final int MAX_LENGTH = 1024;

    @Option(
            names = "--device",
            paramLabel = "D",
            converter = GenerationDeviceConverter.class,
            description =
                    "cpu (default), cuda (the first GPU) or cuda:N. FEWBIT_ONNXRUNTIME_PATH names the directory of a build of ONNX "
                            + "Runtime for CUDA.")
    private GenerationDevice device = GenerationDevice.PROCESSOR;

    @Option(
            names = "--gpu-kernels",
            paramLabel = "K",
            converter = GpuKernelsConverter.class,
            description = "Kernels of our own on a GPU: none (default), exact, or all, with int8 keys and values.")
    private GpuKernels gpuKernels = GpuKernels.NONE;

    @Option(
            names = "--slots",
            paramLabel = "N",
            description = "Completions decoded side by side. Default: 16 on the processor, as many as fit on a GPU.")
    private Integer slots;

    @Option(names = "--threads", paramLabel = "N", description = "Of the engine. Default: one a core.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--positions",
            paramLabel = "N",
            description =
                    "Tokens a slot holds, prompt and completion together. Default: 1,024, or --max-length where that is more.")
    private Integer positions;

    @Option(
            names = "--spin",
            description =
                    "Threads wait in a loop: faster where nothing else wants the processors, far slower where something does.")
    private boolean spin;

    /** The options, with room for {@code maxLength} tokens where that is said. */
    EngineOptions options(Integer maxLength) {
        int room = positions != null ? positions : Math.max(MAX_LENGTH, maxLength == null ? 0 : maxLength);
        if (maxLength != null && room < maxLength) {
            throw LauncherException.usage("--positions is " + room + "; allowed: at least the " + maxLength
                    + " tokens of prompt and completion");
        }
        try {
            return new EngineOptions(
                    device,
                    threads,
                    slots == null ? SLOTS : slots,
                    slots == null ? 0 : slots,
                    HalfNumbers.FP16,
                    gpuKernels,
                    room,
                    spin,
                    Path.of(System.getProperty("java.io.tmpdir")),
                    Optional.empty());
        } catch (IllegalArgumentException e) {
            throw LauncherException.usage("--" + e.getMessage());
        }
    }

    /** {@code none}, {@code exact} and {@code all}. */
    static final class GpuKernelsConverter implements ITypeConverter<GpuKernels> {
        @Override
        public GpuKernels convert(String text) {
            return Arrays.stream(GpuKernels.values())
                    .filter(kernels -> kernels.name().toLowerCase(Locale.ROOT).equals(text))
                    .findFirst()
                    .orElseThrow(() ->
                            new TypeConversionException("gpu-kernels is '" + text + "'; allowed: none, exact and all"));
        }
    }

    /** {@code cpu}, {@code cuda} and {@code cuda:N}. */
    static final class GenerationDeviceConverter implements ITypeConverter<GenerationDevice> {
        @Override
        public GenerationDevice convert(String text) {
            try {
                return GenerationDevice.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
