// The largest of each row of fp16 logits, largest first and the smaller index first in a tie, and the log of the sum of exp over the row. The
// least of them is found by halving the 65536 fp16 numbers: 16 passes of counting over a row that the first pass left in the cache.

#define SCAN_THREADS 1024
#define SCAN_WARPS 32
#define MOST_CANDIDATES 1024
#define KEY_OF_MINUS_INFINITY 0x03ff

// Keys are ordered as the numbers are.
__device__ __forceinline__ int key_of(Half half) { return half & 0x8000 ? (Half) ~half : half | 0x8000; }

__device__ __forceinline__ Half half_of(int key) { return (Half) (key & 0x8000 ? key & 0x7fff : ~key); }

__device__ __forceinline__ float sum_of_block(float value, float* parts) {
    for (int distance = 16; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, distance);
    }
    if (threadIdx.x % 32 == 0) {
        parts[threadIdx.x / 32] = value;
    }
    __syncthreads();
    value = parts[threadIdx.x % 32];
    for (int distance = 16; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, distance);
    }
    __syncthreads();
    return value;
}

__device__ __forceinline__ float most_of_block(float value, float* parts) {
    for (int distance = 16; distance > 0; distance /= 2) {
        value = fmaxf(value, __shfl_xor_sync(ALL_LANES, value, distance));
    }
    if (threadIdx.x % 32 == 0) {
        parts[threadIdx.x / 32] = value;
    }
    __syncthreads();
    value = parts[threadIdx.x % 32];
    for (int distance = 16; distance > 0; distance /= 2) {
        value = fmaxf(value, __shfl_xor_sync(ALL_LANES, value, distance));
    }
    __syncthreads();
    return value;
}

// How many numbers of a row have at least a key; counts stay below 2^24, where fp32 is exact.
__device__ __forceinline__ int count(const uint4* row, int eights, int key, float* parts) {
    Word bound = half_of(key);
    bound |= bound << 16;
    float own = 0;
    for (int i = threadIdx.x; i < eights; i += SCAN_THREADS) {
        uint4 words = row[i];
        Word ones = add_pairs(
                add_pairs(at_least(words.x, bound), at_least(words.y, bound)),
                add_pairs(at_least(words.z, bound), at_least(words.w, bound)));
        own += widen((Half) ones) + widen((Half) (ones >> 16));
    }
    return (int) sum_of_block(own, parts);
}

// How many numbers of a row before an index have exactly a key.
__device__ __forceinline__ int count_before(const Half* row, int key, int index, float* parts) {
    float own = 0;
    for (int i = threadIdx.x; i < index; i += SCAN_THREADS) {
        own += key_of(row[i]) == key ? 1 : 0;
    }
    return (int) sum_of_block(own, parts);
}

// A block of 1024 threads a row. values [rows, wanted], ids [rows, wanted], sums [rows]; vocabulary a multiple of 8, wanted at most 1024.
extern "C" __global__ void __launch_bounds__(SCAN_THREADS) largest(
        const Half* logits, float* values, long long* ids, float* sums, int vocabulary, int wanted) {
    __shared__ float parts[SCAN_WARPS];
    __shared__ unsigned long long candidates[MOST_CANDIDATES];
    __shared__ int found;
    const Half* row = logits + (long long) blockIdx.x * vocabulary;
    const uint4* words = (const uint4*) row;
    int eights = vocabulary / 8;
    float own = -__int_as_float(0x7f800000);
    for (int i = threadIdx.x; i < eights; i += SCAN_THREADS) {
        uint4 four = words[i];
        Word pairs[4] = {four.x, four.y, four.z, four.w};
        for (int j = 0; j < 4; j++) {
            own = fmaxf(own, fmaxf(widen((Half) pairs[j]), widen((Half) (pairs[j] >> 16))));
        }
    }
    float most = most_of_block(own, parts);
    own = 0;
    for (int i = threadIdx.x; i < eights; i += SCAN_THREADS) {
        uint4 four = words[i];
        Word pairs[4] = {four.x, four.y, four.z, four.w};
        for (int j = 0; j < 4; j++) {
            own += __expf(widen((Half) pairs[j]) - most) + __expf(widen((Half) (pairs[j] >> 16)) - most);
        }
    }
    float sum = sum_of_block(own, parts);
    if (threadIdx.x == 0) {
        sums[blockIdx.x] = most + logf(sum);
        found = 0;
    }
    // The largest key that enough numbers have at least: at least low, less than high.
    int low = KEY_OF_MINUS_INFINITY;
    int high = key_of(narrow(most)) + 1;
    int at_least_low = vocabulary;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        int these = count(words, eights, middle, parts);
        if (these >= wanted) {
            low = middle;
            at_least_low = these;
        } else {
            high = middle;
        }
    }
    // Of those with that very key as many of the first as are missing, where all are too many to sort.
    int before = vocabulary;
    if (at_least_low > MOST_CANDIDATES) {
        int missing = wanted - (low == 0xffff ? 0 : count(words, eights, low + 1, parts));
        int few = 0;
        while (before - few > 1) {
            int middle = (few + before) / 2;
            if (count_before(row, low, middle, parts) >= missing) {
                before = middle;
            } else {
                few = middle;
            }
        }
    }
    __syncthreads();
    for (int i = threadIdx.x; i < vocabulary; i += SCAN_THREADS) {
        int key = key_of(row[i]);
        if (key > low || (key == low && i < before)) {
            int place = atomicAdd(&found, 1);
            if (place < MOST_CANDIDATES) {
                candidates[place] = ((unsigned long long) key << 32) | (0xffffffffu - (unsigned) i);
            }
        }
    }
    __syncthreads();
    int size = 1;
    while (size < min(found, MOST_CANDIDATES)) {
        size *= 2;
    }
    for (int i = threadIdx.x; i < size; i += SCAN_THREADS) {
        if (i >= found) {
            candidates[i] = 0;
        }
    }
    __syncthreads();
    for (int run = 2; run <= size; run *= 2) {
        for (int distance = run / 2; distance > 0; distance /= 2) {
            int i = threadIdx.x;
            int other = i ^ distance;
            if (i < size && other > i) {
                unsigned long long a = candidates[i];
                unsigned long long b = candidates[other];
                if ((i & run) == 0 ? a < b : a > b) {
                    candidates[i] = b;
                    candidates[other] = a;
                }
            }
            __syncthreads();
        }
    }
    for (int i = threadIdx.x; i < wanted; i += SCAN_THREADS) {
        unsigned index = 0xffffffffu - (unsigned) candidates[i];
        values[(long long) blockIdx.x * wanted + i] = widen(half_of((int) (candidates[i] >> 32)));
        ids[(long long) blockIdx.x * wanted + i] = index;
    }
}
