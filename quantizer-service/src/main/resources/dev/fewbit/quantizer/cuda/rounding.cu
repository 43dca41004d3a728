// Rounding a weight [n, k] on grids of blocks, as on the processor (CompensatedRounding, RangeSearch, ScaleRefit, CodeDescent) where rows
// have nothing to do with one another. Codes and zero points are unsigned bytes, scales floats that fp16 holds, [n, blocks].

#define WARP 32
#define FULL 0xffffffffu
#define MOST_WIDTH 128

__device__ float half_value(unsigned short half) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(half));
    return value;
}

__device__ unsigned short nearest_half(float value) {
    unsigned short half;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(half) : "f"(value));
    return half;
}

// The smallest fp16 that is not below the step of a grid over [low, high]; 1 for a block of zeros.
__device__ float grid_scale(float low, float high, int largest, int symmetric) {
    double step = symmetric ? 2 * fmax(fabs((double) low), fabs((double) high)) / largest
                            : (fmax((double) high, 0.0) - fmin((double) low, 0.0)) / largest;
    if (step == 0) {
        return 1;
    }
    unsigned short half = nearest_half((float) step);
    return half_value(half_value(half) < step ? half + 1 : half);
}

__device__ int grid_zero_point(float low, float scale, int largest, int symmetric) {
    return symmetric ? (largest + 1) / 2 : (int) rint(-fmin((double) low, 0.0) / scale);
}

__device__ int nearest_code(float w, float scale, int zero_point, int largest) {
    double place = rint((double) w / scale) + zero_point;
    return (int) fmin(fmax(place, 0.0), (double) largest);
}

__device__ double warp_sum(double value) {
    for (int offset = WARP / 2; offset > 0; offset /= 2) {
        value += __shfl_down_sync(FULL, value, offset);
    }
    return value;
}

// The grid of one quantization block of every row, a thread block a row and a thread a column (blockDim.x a multiple of 32, at least
// width). remaining [n, k] in the order of rounding; conditional = (U'U)^-1 of the block, [width, width]; fractions [candidates, 2], none
// for the whole span.
extern "C" __global__ void choose_grids(
        const float* remaining,
        int k,
        int from,
        int width,
        const float* conditional,
        const float* fractions,
        int candidates,
        int block,
        int blocks,
        int largest,
        int symmetric,
        float* scales,
        unsigned char* zero_points) {
    __shared__ float lows[MOST_WIDTH];
    __shared__ float highs[MOST_WIDTH];
    __shared__ float e[MOST_WIDTH];
    __shared__ double parts[MOST_WIDTH / WARP];
    long long row = blockIdx.x;
    int i = threadIdx.x;
    bool mine = i < width;
    float w = mine ? remaining[row * k + from + i] : 0;
    if (mine) {
        lows[i] = w;
        highs[i] = w;
    }
    __syncthreads();
    float low = lows[0];
    float high = highs[0];
    for (int j = 1; j < width; j++) {
        low = fminf(low, lows[j]);
        high = fmaxf(high, highs[j]);
    }
    float scale = grid_scale(low, high, largest, symmetric);
    int zero_point = grid_zero_point(low, scale, largest, symmetric);
    if (candidates > 0) {
        float begin = fminf(low, 0);
        float end = fmaxf(high, 0);
        double least = 1.0 / 0.0;
        int best = 0;
        for (int candidate = 0; candidate < candidates; candidate++) {
            float cut = begin * fractions[2 * candidate];
            float s = grid_scale(cut, end * fractions[2 * candidate + 1], largest, symmetric);
            int z = grid_zero_point(cut, s, largest, symmetric);
            if (mine) {
                e[i] = w - (nearest_code(w, s, z, largest) - z) * s;
            }
            __syncthreads();
            double loss = 0;
            if (mine) {
                float weighted = 0;
                for (int j = 0; j < width; j++) {
                    weighted += e[j] * conditional[j * width + i];
                }
                loss = (double) e[i] * weighted;
            }
            loss = warp_sum(loss);
            if (i % WARP == 0) {
                parts[i / WARP] = loss;
            }
            __syncthreads();
            loss = 0;
            for (int part = 0; part < blockDim.x / WARP; part++) {
                loss += parts[part];
            }
            if (loss < least) {
                least = loss;
                best = candidate;
            }
        }
        float cut = begin * fractions[2 * best];
        scale = grid_scale(cut, end * fractions[2 * best + 1], largest, symmetric);
        zero_point = grid_zero_point(cut, scale, largest, symmetric);
    }
    if (i == 0) {
        scales[row * blocks + block] = scale;
        zero_points[row * blocks + block] = (unsigned char) zero_point;
    }
}

// Rounds the columns of one quantization block of every row, threads as above. triangle = U of the block, [width, width]; columns = stored
// places of its columns; errors [n, block_size].
extern "C" __global__ void round_block(
        const float* remaining,
        int k,
        int from,
        int width,
        const float* triangle,
        const int* columns,
        int block,
        int blocks,
        int block_size,
        int largest,
        unsigned char* codes,
        const float* scales,
        const unsigned char* zero_points,
        float* errors) {
    __shared__ float error;
    long long row = blockIdx.x;
    int i = threadIdx.x;
    bool mine = i < width;
    float w = mine ? remaining[row * k + from + i] : 0;
    float scale = scales[row * blocks + block];
    int zero_point = zero_points[row * blocks + block];
    for (int j = 0; j < width; j++) {
        __syncthreads();
        if (i == j) {
            int code = nearest_code(w, scale, zero_point, largest);
            codes[row * k + columns[j]] = (unsigned char) code;
            error = (w - (code - zero_point) * scale) / triangle[j * width + j];
            errors[row * block_size + j] = error;
        }
        __syncthreads();
        if (mine && i > j) {
            w -= error * triangle[j * width + i];
        }
    }
}

#define EACH(i, n) \
    for (long long i = blockIdx.x * (long long) blockDim.x + threadIdx.x; i < (n); i += (long long) gridDim.x * blockDim.x)

// out = code - zero point, [n, k]
extern "C" __global__ void code_steps(
        const unsigned char* codes, const unsigned char* zero_points, float* out, int k, int block_size, int blocks, long long n) {
    EACH(i, n) {
        long long row = i / k;
        out[i] = (float) ((int) codes[i] - (int) zero_points[row * blocks + (int) (i % k) / block_size]);
    }
}

// gap = target - what codes stand for, [n, k]
extern "C" __global__ void code_gaps(
        const float* target,
        const unsigned char* codes,
        const float* scales,
        const unsigned char* zero_points,
        float* gap,
        int k,
        int block_size,
        int blocks,
        long long n) {
    EACH(i, n) {
        long long grid = i / k * blocks + (int) (i % k) / block_size;
        gap[i] = target[i] - ((int) codes[i] - (int) zero_points[grid]) * scales[grid];
    }
}

// sums[row, h] = sum over block h of a b, for the first count blocks; a warp a sum. a, b [rows, k]; a row of sums is `stride` doubles
extern "C" __global__ void block_sums(
        const float* a, const float* b, int rows, int k, int block_size, int count, double* sums, long long stride) {
    long long warps = (long long) gridDim.x * (blockDim.x / WARP);
    int lane = threadIdx.x % WARP;
    for (long long s = blockIdx.x * (long long) (blockDim.x / WARP) + threadIdx.x / WARP; s < (long long) rows * count; s += warps) {
        long long row = s / count;
        int h = (int) (s % count);
        int end = min((h + 1) * block_size, k);
        double sum = 0;
        for (int i = h * block_size + lane; i < end; i += WARP) {
            sum += (double) a[row * k + i] * b[row * k + i];
        }
        sum = warp_sum(sum);
        if (lane == 0) {
            sums[row * stride + h] = sum;
        }
    }
}

// Solves A d = b by Cholesky's method, a thread block a row, and takes the scales s + d where all of them are acceptable. a [rows, size,
// size], its lower triangle, is overwritten; b [rows, size] too; scales [rows, size]
extern "C" __global__ void refit_scales(double* a, double* b, float* scales, int size, double ridge_share, double least, double most) {
    __shared__ int refused;
    double* lower = a + (long long) blockIdx.x * size * size;
    double* x = b + (long long) blockIdx.x * size;
    float* old = scales + (long long) blockIdx.x * size;
    double ridge = 0;
    for (int i = 0; i < size; i++) {
        ridge += ridge_share * lower[(long long) i * size + i] / size;
    }
    if (threadIdx.x == 0) {
        refused = 0;
    }
    __syncthreads();
    for (int j = 0; j < size; j++) {
        for (int i = j + threadIdx.x; i < size; i += blockDim.x) {
            double sum = lower[(long long) i * size + j] + (i == j ? ridge : 0);
            for (int m = 0; m < j; m++) {
                sum -= lower[(long long) i * size + m] * lower[(long long) j * size + m];
            }
            lower[(long long) i * size + j] = i == j ? sqrt(sum) : sum;
        }
        __syncthreads();
        double pivot = lower[(long long) j * size + j];
        for (int i = j + 1 + threadIdx.x; i < size; i += blockDim.x) {
            lower[(long long) i * size + j] /= pivot;
        }
        __syncthreads();
    }
    for (int j = 0; j < size; j++) {
        double value = x[j] / lower[(long long) j * size + j];
        __syncthreads();
        for (int i = j + 1 + threadIdx.x; i < size; i += blockDim.x) {
            x[i] -= lower[(long long) i * size + j] * value;
        }
        if (threadIdx.x == 0) {
            x[j] = value;
        }
        __syncthreads();
    }
    for (int j = size - 1; j >= 0; j--) {
        double value = x[j] / lower[(long long) j * size + j];
        __syncthreads();
        for (int i = threadIdx.x; i < j; i += blockDim.x) {
            x[i] -= lower[(long long) j * size + i] * value;
        }
        if (threadIdx.x == 0) {
            x[j] = value;
        }
        __syncthreads();
    }
    for (int i = threadIdx.x; i < size; i += blockDim.x) {
        double wanted = (double) old[i] + x[i];
        float scale = half_value(nearest_half((float) wanted));
        // Written so that NaN fails it. Whoever refuses writes the same.
        if (!(wanted > least * old[i] && wanted < most * old[i]) || scale == 0 || !isfinite(scale)) {
            refused = 1;
        }
    }
    __syncthreads();
    if (!refused) {
        for (int i = threadIdx.x; i < size; i += blockDim.x) {
            old[i] = half_value(nearest_half((float) ((double) old[i] + x[i])));
        }
    }
}

// Coordinate descent over the codes of a row, a thread block a row: the first code of a quantization block that moves is moved and the
// gradient follows, then those behind it are looked at again. gradients [n, k]; shared memory for k floats
extern "C" __global__ void descend(
        unsigned char* codes,
        const float* scales,
        const unsigned char* zero_points,
        const float* hessian,
        const float* gradients,
        int k,
        int block_size,
        int blocks,
        int largest,
        int passes) {
    extern __shared__ float gradient[];
    __shared__ int old[MOST_WIDTH];
    __shared__ int wanted[MOST_WIDTH];
    __shared__ unsigned int moving[MOST_WIDTH / WARP];
    long long row = blockIdx.x;
    int t = threadIdx.x;
    for (int i = t; i < k; i += blockDim.x) {
        gradient[i] = gradients[row * k + i];
    }
    for (int pass = 0; pass < passes; pass++) {
        bool moved = false;
        for (int block = 0; block < blocks; block++) {
            int from = block * block_size;
            int width = min(block_size, k - from);
            float scale = scales[row * blocks + block];
            int zero_point = zero_points[row * blocks + block];
            float diagonal = t < width ? hessian[(long long) (from + t) * k + from + t] : 1;
            float restored = 0;
            if (t < width) {
                old[t] = codes[row * k + from + t];
                restored = (old[t] - zero_point) * scale;
            }
            int start = 0;
            while (true) {
                // Covers the gradient's last change, and old at the beginning.
                __syncthreads();
                bool moves = false;
                if (t < width && t >= start) {
                    wanted[t] = nearest_code(restored + gradient[from + t] / diagonal, scale, zero_point, largest);
                    moves = wanted[t] != old[t];
                }
                unsigned int mask = __ballot_sync(FULL, moves);
                if (t % WARP == 0 && t < MOST_WIDTH) {
                    moving[t / WARP] = mask;
                }
                __syncthreads();
                int first = -1;
                for (int part = 0; part < MOST_WIDTH / WARP && first < 0; part++) {
                    if (moving[part] != 0) {
                        first = part * WARP + __ffs(moving[part]) - 1;
                    }
                }
                if (first < 0) {
                    break;
                }
                moved = true;
                float change = (wanted[first] - old[first]) * scale;
                const float* h = hessian + (long long) (from + first) * k;
                for (int i = t; i < k; i += blockDim.x) {
                    gradient[i] -= change * h[i];
                }
                if (t == first) {
                    codes[row * k + from + t] = (unsigned char) wanted[t];
                }
                start = first + 1;
            }
        }
        if (!moved) {
            return;
        }
    }
}
