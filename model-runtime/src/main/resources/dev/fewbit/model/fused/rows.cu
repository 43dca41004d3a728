// Linears over 4-bit codes for few rows of activations, by reading each code once for a row. codes [n, k / 2], the first of two in the low
// half of a byte; scales [n, k / block] fp16; zeros [n, ceil(k / block / 2)] in halves of bytes, or null, where 8 stands for 0.

#define ROW_WARPS 8
// 1024 as fp16, whose last bits are those of a code
#define MAGIC 0x6400u
#define LOW_NIBBLES 0x000f000fu
#define WORDS 4

__device__ __forceinline__ int zero_of(const unsigned char* zeros, int n, int at, int blocks) {
    return zeros == 0 ? 8 : zeros[(long long) n * ((blocks + 1) / 2) + at / 2] >> (at % 2 * 4) & 15;
}

// COLUMNS outputs a warp. x lies so that a word's eight numbers are four pairs (0, 4), (1, 5), (2, 6), (3, 7), and the words of the lanes are
// one behind the other.
template <int COLUMNS>
__device__ __forceinline__ void multiply_row(
        const Half* x, const uint4* codes, const Half* scales, const unsigned char* zeros, Half* out, int n, int k, int block, uint4* pairs) {
    int pieces = k / 32;
    const Half* row = x + (long long) blockIdx.y * k;
    for (int i = threadIdx.x; i < pieces * WORDS; i += 32 * ROW_WARPS) {
        uint4 eight = *(const uint4*) (row + 8 * i);
        uint4 turned;
        turned.x = (eight.x & 0xffff) | (eight.z << 16);
        turned.y = (eight.x >> 16) | (eight.z & 0xffff0000u);
        turned.z = (eight.y & 0xffff) | (eight.w << 16);
        turned.w = (eight.y >> 16) | (eight.w & 0xffff0000u);
        pairs[i % WORDS * pieces + i / WORDS] = turned;
    }
    __syncthreads();
    int lane = threadIdx.x % 32;
    int first = (blockIdx.x * ROW_WARPS + threadIdx.x / 32) * COLUMNS;
    if (first >= n) {
        return;
    }
    int blocks = k / block;
    float sums[COLUMNS];
#pragma unroll
    for (int c = 0; c < COLUMNS; c++) {
        sums[c] = 0;
    }
#pragma unroll 4
    for (int piece = lane; piece < pieces; piece += 32) {
        uint4 four[COLUMNS];
        float scale[COLUMNS];
        Word shift[COLUMNS];
        int at = piece * 32 / block;
#pragma unroll
        for (int c = 0; c < COLUMNS; c++) {
            int column = min(first + c, n - 1);
            four[c] = codes[(long long) column * pieces + piece];
            scale[c] = widen(scales[(long long) column * blocks + at]);
            // -(1024 + zero)
            Word zero = MAGIC | 0x8000u | zero_of(zeros, column, at, blocks);
            shift[c] = zero | zero << 16;
        }
#pragma unroll
        for (int w = 0; w < WORDS; w++) {
            uint4 numbers = pairs[w * pieces + piece];
            Word inputs[4] = {numbers.x, numbers.y, numbers.z, numbers.w};
#pragma unroll
            for (int c = 0; c < COLUMNS; c++) {
                Word eight = w == 0 ? four[c].x : w == 1 ? four[c].y : w == 2 ? four[c].z : four[c].w;
                Word sum = 0;
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    Word numbers_of_codes = add_pairs((eight >> (4 * i) & LOW_NIBBLES) | (MAGIC | MAGIC << 16), shift[c]);
                    sum = multiply_pairs(numbers_of_codes, inputs[i], sum);
                }
                sums[c] += scale[c] * (widen((Half) sum) + widen((Half) (sum >> 16)));
            }
        }
    }
#pragma unroll
    for (int c = 0; c < COLUMNS; c++) {
        float sum = sums[c];
        for (int distance = 16; distance > 0; distance /= 2) {
            sum += __shfl_xor_sync(ALL_LANES, sum, distance);
        }
        if (lane == 0 && first + c < n) {
            out[(long long) blockIdx.y * n + first + c] = narrow(sum);
        }
    }
}

#define MOST_PIECES 768

// Grid: ceil(n / 8), rows; 256 threads; k at most 24576
extern "C" __global__ void __launch_bounds__(32 * ROW_WARPS) rows_by_one(
        const Half* x, const uint4* codes, const Half* scales, const unsigned char* zeros, Half* out, int n, int k, int block) {
    __shared__ uint4 pairs[MOST_PIECES * WORDS];
    multiply_row<1>(x, codes, scales, zeros, out, n, k, block, pairs);
}

// Grid: ceil(n / 16), rows; 256 threads
extern "C" __global__ void __launch_bounds__(32 * ROW_WARPS) rows_by_two(
        const Half* x, const uint4* codes, const Half* scales, const unsigned char* zeros, Half* out, int n, int k, int block) {
    __shared__ uint4 pairs[MOST_PIECES * WORDS];
    multiply_row<2>(x, codes, scales, zeros, out, n, k, block, pairs);
}

// What the codes stand for, [n, k] fp16; a thread takes eight. Grid: ceil(n k / 8 / 256)
extern "C" __global__ void dequantize(
        const Word* codes, const Half* scales, const unsigned char* zeros, uint4* out, int n, int k, int block) {
    long long i = (long long) blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= (long long) n * k / 8) {
        return;
    }
    int row = (int) (i * 8 / k);
    int at = (int) (i * 8 % k) / block;
    int blocks = k / block;
    float scale = widen(scales[(long long) row * blocks + at]);
    int zero = zero_of(zeros, row, at, blocks);
    Word eight = codes[i];
    Word words[4];
#pragma unroll
    for (int j = 0; j < 4; j++) {
        float low = scale * (float) ((int) (eight >> (8 * j) & 15) - zero);
        float high = scale * (float) ((int) (eight >> (8 * j + 4) & 15) - zero);
        words[j] = (Word) narrow(low) | ((Word) narrow(high) << 16);
    }
    uint4 result;
    result.x = words[0];
    result.y = words[1];
    result.z = words[2];
    result.w = words[3];
    out[i] = result;
}
