// Between fp32 matrices and the fp64 that factorizations are made in.

#define EACH(i, n) \
    for (long long i = blockIdx.x * (long long) blockDim.x + threadIdx.x; i < (n); i += (long long) gridDim.x * blockDim.x)

// out = matrix + damping I, both [n, n]
extern "C" __global__ void widen_damped(const float* matrix, double* out, int n, double damping) {
    EACH(i, (long long) n * n) {
        out[i] = matrix[i] + (i / n == i % n ? damping : 0);
    }
}

extern "C" __global__ void widen(const float* in, double* out, long long n) {
    EACH(i, n) {
        out[i] = in[i];
    }
}

extern "C" __global__ void narrow(const double* in, float* out, long long n) {
    EACH(i, n) {
        out[i] = (float) in[i];
    }
}

// The upper triangle by rows, 0 below it; both [n, n]
extern "C" __global__ void narrow_upper(const double* in, float* out, int n) {
    EACH(i, (long long) n * n) {
        out[i] = i / n <= i % n ? (float) in[i] : 0;
    }
}
