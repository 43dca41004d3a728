package dev.fewbit.quantizer.cuda;

import dev.fewbit.quantizer.matrix.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A GPU, opened: its primary context, one stream on which all work is done in order, cuBLAS and the kernels. One thread uses it at a time;
 * which one may change between calls.
 */
public final class CudaDevice implements AutoCloseable {
    private final CudaDriver driver;
    private final CudaDriver.Opened opened;
    private final MemorySegment stream;
    private final DeviceMemory memory;
    private final LibrarySearch search;
    private final Map<String, Kernels> kernels = new HashMap<>();
    private Cublas blas;
    private Cusolver solver;
    private KernelCompiler compiler;
    private Thread user = Thread.currentThread();

    private CudaDevice(LibrarySearch search) {
        this.search = search;
        driver = new CudaDriver(search.open(CudaLibrary.DRIVER));
        opened = driver.open();
        stream = driver.newStream();
        memory = new DeviceMemory(driver, opened.name());
    }

    /**
     * Opens the first GPU that the process sees.
     *
     * @throws CudaException in one line, when there is none, or a library is missing or too old
     */
    public static CudaDevice open() {
        return open(new LibrarySearch(System.getenv()));
    }

    static CudaDevice open(LibrarySearch search) {
        CudaDevice device = new CudaDevice(search);
        try {
            // What is missing shows now and not an hour later.
            device.compiler = new KernelCompiler(search.open(CudaLibrary.NVRTC), device.opened);
            device.blas = new Cublas(search.open(CudaLibrary.CUBLAS), device.stream, device.memory);
        } catch (CudaException e) {
            device.close();
            throw e;
        }
        return device;
    }

    /** As the driver calls it, such as {@code NVIDIA H100 80GB HBM3}. */
    public String name() {
        return opened.name();
    }

    /** Devices that agree on every bit, such as {@code cuda-h100-80gb-hbm3}. */
    public String deviceClass() {
        return deviceClass(opened.name());
    }

    static String deviceClass(String name) {
        return "cuda-"
                + name.toLowerCase(Locale.ROOT)
                        .replaceFirst("^nvidia ", "")
                        .replaceFirst("^geforce ", "")
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-|-$", "");
    }

    /** Releases of the libraries that take part, such as {@code cublas 13.1}: where they differ, last bits may. */
    public Map<String, String> versions() {
        return Map.of("cublas", blas.version(), "nvrtc", compiler.version());
    }

    /** Device memory that nobody holds, blocks kept for reuse included. */
    public long freeBytes() {
        bind();
        return driver.memory()[0] + memory.idleBytes();
    }

    /** Multiprocessors of the device. */
    public int multiprocessors() {
        return opened.multiprocessors();
    }

    /** Shared memory that a block of threads can have. */
    public int sharedBytes() {
        return opened.sharedBytes();
    }

    /** A new arena for device memory. */
    public DeviceArena newArena() {
        return new DeviceArena(this, memory);
    }

    /** The products of matrices in its memory. */
    public DeviceProducts products() {
        return new DeviceProducts(blas());
    }

    /**
     * The kernels of a resource, compiled when it is first asked for.
     *
     * @param resource such as {@code decoder.cu}, beside this class
     */
    public Kernels kernels(String resource) {
        bind();
        return kernels.computeIfAbsent(resource, name -> new Kernels(this, driver, compiler.compile(name), name));
    }

    /** Waits until all that was asked for is done. */
    public void synchronize() {
        bind();
        driver.synchronize(stream);
    }

    Cublas blas() {
        bind();
        return blas;
    }

    Cusolver solver() {
        bind();
        if (solver == null) {
            solver = new Cusolver(search.open(CudaLibrary.CUSOLVER), stream);
        }
        return solver;
    }

    CudaDriver driver() {
        bind();
        return driver;
    }

    MemorySegment stream() {
        return stream;
    }

    /** Copies to the device; {@code from} may be changed when this returns. */
    public void upload(MemorySegment from, long address) {
        bind();
        if (!from.isNative()) {
            // The driver cannot read what the garbage collector may move.
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment copy = arena.allocate(from.byteSize(), Long.BYTES);
                copy.copyFrom(from);
                upload(copy, address);
            }
            return;
        }
        driver.copyToDevice(address, from, from.byteSize(), stream);
        driver.synchronize(stream);
    }

    /** Copies from the device, when what was asked for before is done. */
    public void download(long address, MemorySegment to) {
        bind();
        if (!to.isNative()) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment copy = arena.allocate(to.byteSize(), Long.BYTES);
                download(address, copy);
                to.copyFrom(copy);
            }
            return;
        }
        driver.copyToHost(to, address, to.byteSize(), stream);
        driver.synchronize(stream);
    }

    /** As {@link #upload(MemorySegment, long)}, into a new matrix. */
    public DeviceMatrix upload(DeviceArena arena, Matrix from) {
        DeviceMatrix matrix = arena.matrix(from.rows(), from.columns());
        matrix.upload(from);
        return matrix;
    }

    /** A context is current to a thread. */
    private void bind() {
        Thread now = Thread.currentThread();
        if (user != now) {
            driver.makeCurrent(opened.context());
            user = now;
        }
    }

    @Override
    public void close() {
        bind();
        driver.synchronize(stream);
        kernels.values().forEach(Kernels::close);
        if (solver != null) {
            solver.close();
        }
        if (blas != null) {
            blas.close();
        }
        memory.close();
        driver.destroyStream(stream);
        // The primary context stays: it is the process's, and taking it up again costs a second.
    }
}
