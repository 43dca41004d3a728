package dev.fewbit.quantizer.cuda;

import java.util.List;

/** A shared library that the engine calls. */
enum CudaLibrary {
    DRIVER(
            "the NVIDIA driver",
            List.of("libcuda.so.1"),
            "the NVIDIA driver of this machine's GPU (in a container: the NVIDIA Container Toolkit)"),
    CUBLAS(
            "cuBLAS",
            List.of("libcublas.so.13", "libcublas.so.12"),
            "the CUDA toolkit 12 or 13, or: pip install nvidia-cublas"),
    NVRTC(
            "NVRTC",
            List.of("libnvrtc.so.13", "libnvrtc.so.12"),
            "the CUDA toolkit 12 or 13, or: pip install nvidia-cuda-nvrtc"),
    CUSOLVER(
            "cuSOLVER",
            List.of("libcusolver.so.12", "libcusolver.so.11"),
            "the CUDA toolkit 12 or 13, or: pip install nvidia-cusolver");

    private final String title;
    private final List<String> names;
    private final String source;

    CudaLibrary(String title, List<String> names, String source) {
        this.title = title;
        this.names = names;
        this.source = source;
    }

    /** What people call it. */
    String title() {
        return title;
    }

    /** File names, the newest first. */
    List<String> names() {
        return names;
    }

    /** What brings it to a machine. */
    String source() {
        return source;
    }
}
