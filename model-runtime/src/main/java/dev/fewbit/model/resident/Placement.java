package dev.fewbit.model.resident;

import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.device.CudaLibraries;
import dev.fewbit.model.device.CudaMemory;
import dev.fewbit.model.device.DeviceException;
import dev.fewbit.model.device.DeviceMemory;
import dev.fewbit.model.device.HostMemory;
import dev.fewbit.model.fused.FusedModel;
import dev.fewbit.model.fused.FusedOperators;
import dev.fewbit.model.fused.Fusion;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.ort.CustomOperators;
import dev.fewbit.model.ort.NativeMemory;
import dev.fewbit.model.ort.NativeOptions;
import dev.fewbit.model.ort.NativeTensor;
import dev.fewbit.model.ort.OnnxRuntimeException;
import dev.fewbit.model.ort.OrtApi;
import dev.fewbit.model.ort.OrtLibrary;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A device that a decoder is put on: its memory, the ONNX Runtime that computes on it, and which of an artifact's graphs that runs. */
public final class Placement implements AutoCloseable {
    private static final int PROCESSOR = -1;

    private final OrtApi api;
    private final DeviceMemory memory;
    private final NativeMemory place;
    private final NativeMemory host;
    private final int gpu;

    private Placement(OrtApi api, DeviceMemory memory, int gpu) {
        this.api = api;
        this.memory = memory;
        this.gpu = gpu;
        host = NativeMemory.host(api);
        place = gpu == PROCESSOR ? NativeMemory.host(api) : NativeMemory.cuda(api, gpu);
    }

    /** The processor, by the ONNX Runtime that comes with us. */
    public static Placement processor() {
        return processor(OrtLibrary.bundled());
    }

    /** The processor, by another ONNX Runtime. */
    static Placement processor(OrtApi api) {
        return new Placement(api, new HostMemory(), PROCESSOR);
    }

    /** A GPU, by what this process's environment says. */
    public static Placement gpu(int number) {
        return gpu(number, System.getenv());
    }

    /**
     * A GPU, by the build of ONNX Runtime in {@code FEWBIT_ONNXRUNTIME_PATH}.
     *
     * @param number of the GPU, from 0 on
     * @param environment with that variable and those that {@link CudaLibraries} reads
     * @throws DeviceException in one line, when there is no such GPU, or libraries are missing, or of another version
     */
    public static Placement gpu(int number, Map<String, String> environment) {
        String directory = environment.get(OrtLibrary.VARIABLE);
        if (directory == null || directory.isBlank()) {
            throw new DeviceException(
                    "device cuda: " + OrtLibrary.VARIABLE
                            + " is not set; it names the directory of libonnxruntime.so.1.29.0 and its CUDA provider, as the Python package onnxruntime-gpu 1.29 has them in onnxruntime/capi");
        }
        // The library first: that it is there, and of our version, can be told without a GPU.
        OrtApi api;
        try {
            api = OrtLibrary.open(Path.of(directory));
        } catch (OnnxRuntimeException e) {
            throw new DeviceException("device cuda: " + e.getMessage(), e);
        }
        CudaLibraries libraries = new CudaLibraries(environment);
        CudaMemory memory = CudaMemory.open(number, libraries);
        try {
            libraries.preload();
        } catch (DeviceException e) {
            memory.close();
            throw e;
        }
        Placement placement = new Placement(api, memory, number);
        try {
            placement.requireProvider();
        } catch (OnnxRuntimeException e) {
            placement.close();
            throw new DeviceException("device cuda: " + directory + ": " + e.getMessage(), e);
        }
        return placement;
    }

    /** Loads the CUDA provider once, so that a build without it, or with libraries missing, shows before any model is there. */
    private void requireProvider() {
        try (NativeOptions options = new NativeOptions(api, 1)) {
            options.cuda(provider(false));
        }
    }

    public DeviceMemory memory() {
        return memory;
    }

    /** Such as {@code 1.29.0}. */
    public String runtimeVersion() {
        return api.version();
    }

    /** The kind of device, which numbers may depend on: {@code cpu}, or {@code cuda-} and the GPU's name, such as {@code cuda-h100}. */
    public String deviceClass() {
        return isGpu() ? DeviceClass.ofGpu(memory.device()) : DeviceClass.PROCESSOR;
    }

    /** Label of the numbers of activations, keys and values here, such as {@code fp16}, when those of a GPU are {@code half}. */
    public String numbers(HalfNumbers half) {
        return isGpu() ? half.label() : "fp32";
    }

    /** Label of the numbers of keys and values: as {@link #numbers}, or {@code int8} where attention is a kernel of our own. */
    public String keysAndValues(HalfNumbers half, GpuKernels kernels) {
        return isGpu() && kernels.fusions().contains(Fusion.ATTENTION) ? "int8" : numbers(half);
    }

    /** Whether steps are recorded and replayed here. */
    boolean isGpu() {
        return gpu != PROCESSOR;
    }

    OrtApi api() {
        return api;
    }

    /** The graph that runs here. */
    String graph() {
        return isGpu() ? DecoderGraph.HALF_MODEL_FILE : DecoderGraph.MODEL_FILE;
    }

    /**
     * The kernels of a fused model, for sessions here; they must outlive them.
     *
     * @throws DeviceException when this is no GPU, or they cannot be compiled
     */
    FusedOperators operators(FusedModel model) {
        if (memory instanceof CudaMemory cuda) {
            return new FusedOperators(api, cuda, model, isGpu() ? CustomOperators.CUDA : CustomOperators.PROCESSOR);
        }
        throw new DeviceException("device " + memory.device() + ": kernels of our own run on a GPU only");
    }

    /**
     * Compiles a kernel of our own and drops it, so that missing libraries show before any model is there.
     *
     * @throws DeviceException when they cannot be compiled
     */
    public void requireKernels() {
        if (memory instanceof CudaMemory cuda) {
            FusedOperators.require(cuda);
        }
    }

    /** A tensor in the device's memory. */
    NativeTensor tensor(long address, ElementType type, long... shape) {
        return new NativeTensor(api, place, address, type, shape);
    }

    /** A tensor in the processor's memory. */
    NativeTensor hostTensor(long address, ElementType type, long... shape) {
        return new NativeTensor(api, host, address, type, shape);
    }

    /** Options of the CUDA execution provider. */
    Map<String, String> provider(boolean graphs) {
        Map<String, String> options = new TreeMap<>();
        options.put("device_id", Integer.toString(gpu));
        options.put("has_user_compute_stream", "1");
        options.put("user_compute_stream", Long.toString(memory.stream()));
        options.put("arena_extend_strategy", "kSameAsRequested");
        options.put("use_tf32", "0");
        options.put("enable_cuda_graph", graphs ? "1" : "0");
        return options;
    }

    @Override
    public void close() {
        place.close();
        host.close();
        memory.close();
    }
}
