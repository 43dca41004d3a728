// out [rows, columns] = silu(in[.., first half]) * in[.., second half], fp16, in [rows, 2 columns]; eight numbers a thread.

__device__ __forceinline__ Half gated(Half gate, Half up) {
    float x = widen(gate);
    return narrow(x / (1 + __expf(-x)) * widen(up));
}

__device__ __forceinline__ Word gated_pair(Word gate, Word up) {
    return (Word) gated((Half) gate, (Half) up) | ((Word) gated((Half) (gate >> 16), (Half) (up >> 16)) << 16);
}

// eights: columns / 8; total: rows eights
extern "C" __global__ void gate(const uint4* in, uint4* out, int eights, int total) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= total) {
        return;
    }
    const uint4* row = in + (long long) (i / eights) * 2 * eights + i % eights;
    uint4 gates = row[0];
    uint4 ups = row[eights];
    uint4 result;
    result.x = gated_pair(gates.x, ups.x);
    result.y = gated_pair(gates.y, ups.y);
    result.z = gated_pair(gates.z, ups.z);
    result.w = gated_pair(gates.w, ups.w);
    out[i] = result;
}
