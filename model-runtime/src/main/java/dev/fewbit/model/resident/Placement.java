package dev.fewbit.model.resident;

import dev.fewbit.model.architecture.DecoderGraph;
import dev.fewbit.model.device.CudaLibraries;
import dev.fewbit.model.device.CudaMemory;
import dev.fewbit.model.device.DeviceException;
import dev.fewbit.model.device.DeviceMemory;
import dev.fewbit.model.device.HostMemory;
import dev.fewbit.model.fused.FusedModel;
import dev.fewbit.model.fused.FusedOperators;
import dev.fewbit.model.onnx.ElementType;
import dev.fewbit.model.ort.CustomOperators;
import dev.fewbit.model.ort.NativeMemory;
import dev.fewbit.model.ort.NativeTensor;
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

    /**
     * A GPU, by the build of ONNX Runtime in {@code FEWBIT_ONNXRUNTIME_PATH}.
     *
     * @param number of the GPU, from 0 on
     * @throws DeviceException when there is no such GPU, or libraries are missing
     */
    public static Placement gpu(int number) {
        Map<String, String> environment = System.getenv();
        String directory = environment.get(OrtLibrary.VARIABLE);
        if (directory == null || directory.isBlank()) {
            throw new DeviceException(
                    "device cuda: " + OrtLibrary.VARIABLE
                            + " is not set; it names the directory of libonnxruntime.so.1.29.0 and its CUDA provider, as the Python package onnxruntime-gpu 1.29 has them in onnxruntime/capi");
        }
        CudaMemory memory = CudaMemory.open(number);
        new CudaLibraries(environment).preload();
        return new Placement(OrtLibrary.open(Path.of(directory)), memory, number);
    }

    public DeviceMemory memory() {
        return memory;
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

    /** Type of activations and cache in that graph. */
    ElementType activations() {
        return isGpu() ? ElementType.FLOAT16 : ElementType.FLOAT;
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
