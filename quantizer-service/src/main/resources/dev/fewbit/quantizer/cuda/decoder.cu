// What a decoder layer does between its matrix products, in fp32. Sums over a row are made by one block in an order that depends
// on the width of the row alone: each thread its own elements in steps of the block, then a tree.

#define THREADS 256

__device__ double sum_over_block(double own) {
    __shared__ double sums[THREADS];
    sums[threadIdx.x] = own;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            sums[threadIdx.x] += sums[threadIdx.x + half];
        }
        __syncthreads();
    }
    double sum = sums[0];
    __syncthreads();
    return sum;
}

__device__ float most_of_block(float own) {
    __shared__ float most[THREADS];
    most[threadIdx.x] = own;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            most[threadIdx.x] = fmaxf(most[threadIdx.x], most[threadIdx.x + half]);
        }
        __syncthreads();
    }
    float largest = most[0];
    __syncthreads();
    return largest;
}

// out = x * gain / sqrt(mean(x^2) + epsilon), a block a row
extern "C" __global__ void rms_norm(const float* x, const float* gain, float* out, int columns, double epsilon) {
    const float* row = x + (long long) blockIdx.x * columns;
    float* result = out + (long long) blockIdx.x * columns;
    double squares = 0;
    for (int i = threadIdx.x; i < columns; i += THREADS) {
        squares += (double) row[i] * row[i];
    }
    float factor = (float) (1 / sqrt(sum_over_block(squares) / columns + epsilon));
    for (int i = threadIdx.x; i < columns; i += THREADS) {
        result[i] = row[i] * factor * gain[i];
    }
}

// out = (x - mean(x)) / sqrt(variance(x) + epsilon) * gain, a block a row
extern "C" __global__ void layer_norm(const float* x, const float* gain, float* out, int columns, double epsilon) {
    const float* row = x + (long long) blockIdx.x * columns;
    float* result = out + (long long) blockIdx.x * columns;
    double sum = 0;
    for (int i = threadIdx.x; i < columns; i += THREADS) {
        sum += row[i];
    }
    double mean = sum_over_block(sum) / columns;
    double squares = 0;
    for (int i = threadIdx.x; i < columns; i += THREADS) {
        squares += (row[i] - mean) * (row[i] - mean);
    }
    double factor = 1 / sqrt(sum_over_block(squares) / columns + epsilon);
    for (int i = threadIdx.x; i < columns; i += THREADS) {
        result[i] = (float) ((row[i] - mean) * factor) * gain[i];
    }
}

// Turns the first half values of each head and the half behind them, in place; what is behind those stays. heads [tokens, count * dim];
// cosine, sine [length, half]; token t is at position t % length.
extern "C" __global__ void rotate(
        float* heads, const float* cosine, const float* sine, int tokens, int length, int count, int dim, int half, float direction) {
    long long pairs = (long long) tokens * count * half;
    for (long long i = blockIdx.x * (long long) blockDim.x + threadIdx.x; i < pairs; i += (long long) gridDim.x * blockDim.x) {
        int place = (int) (i % half);
        long long head = i / half;
        int position = (int) (head / count % length);
        float c = cosine[(long long) position * half + place];
        float s = direction * sine[(long long) position * half + place];
        float* first = heads + head * dim + place;
        float a = first[0];
        float b = first[half];
        first[0] = a * c - b * s;
        first[half] = b * c + a * s;
    }
}

// Over the last window positions of each row up to its own; what lies before and behind becomes 0. scores [rows, seen]; row r is the query
// at from + r % count.
extern "C" __global__ void causal_softmax(float* scores, int from, int count, int seen, int window) {
    float* row = scores + (long long) blockIdx.x * seen;
    int own = from + (int) (blockIdx.x % count) + 1;
    int first = max(0, own - window);
    float largest = __int_as_float(0xff800000);  // negative infinity
    for (int i = first + threadIdx.x; i < own; i += THREADS) {
        largest = fmaxf(largest, row[i]);
    }
    largest = most_of_block(largest);
    double sum = 0;
    for (int i = first + threadIdx.x; i < own; i += THREADS) {
        float e = expf(row[i] - largest);
        row[i] = e;
        sum += e;
    }
    float factor = (float) (1 / sum_over_block(sum));
    for (int i = threadIdx.x; i < seen; i += THREADS) {
        row[i] = i >= first && i < own ? row[i] * factor : 0;
    }
}

#define EACH(i, n) \
    for (long long i = blockIdx.x * (long long) blockDim.x + threadIdx.x; i < (n); i += (long long) gridDim.x * blockDim.x)

// out = x / (1 + e^-x) * factors; no factors: 1
extern "C" __global__ void silu(const float* x, const float* factors, float* out, long long n) {
    EACH(i, n) {
        float active = x[i] / (1 + expf(-x[i]));
        out[i] = factors ? active * factors[i] : active;
    }
}

// out = x / 2 (1 + tanh(u)) * factors, u = sqrt(2 / pi) (x + 0.044715 x^3); (1 + tanh(u)) / 2 = 1 / (1 + e^-2u); no factors: 1
extern "C" __global__ void gelu_tanh(const float* x, const float* factors, float* out, long long n) {
    EACH(i, n) {
        float minus_2u = -1.5957691216f * (x[i] + 0.044715f * x[i] * x[i] * x[i]);
        float active = x[i] / (1 + expf(minus_2u));
        out[i] = factors ? active * factors[i] : active;
    }
}

// values = cap tanh(values / cap)
extern "C" __global__ void soft_cap(float* values, float cap, long long n) {
    EACH(i, n) {
        values[i] = cap * tanhf(values[i] / cap);
    }
}

// x += bias, to every row; bias [columns]
extern "C" __global__ void add_to_rows(float* x, const float* bias, int columns, long long n) {
    EACH(i, n) {
        x[i] += bias[i % columns];
    }
}

// out = factor of the row * in
extern "C" __global__ void scale_rows(const float* in, const float* factors, float* out, int columns, long long n) {
    EACH(i, n) {
        out[i] = in[i] * factors[i / columns];
    }
}

// sum += factor * other
extern "C" __global__ void add(float* sum, const float* other, float factor, long long n) {
    EACH(i, n) {
        sum[i] += factor * other[i];
    }
}

// difference = a - b; difference may be a or b
extern "C" __global__ void subtract(const float* a, const float* b, float* difference, long long n) {
    EACH(i, n) {
        difference[i] = a[i] - b[i];
    }
}

// flag becomes 1 where a value is not finite: whoever sees one writes the same.
extern "C" __global__ void find_not_finite(const float* values, long long n, int* flag) {
    EACH(i, n) {
        if (!isfinite(values[i])) {
            *flag = 1;
        }
    }
}

// out[i] = table[ids[i]], rows of both [columns]
extern "C" __global__ void gather_rows(const float* table, const int* ids, float* out, int columns, long long n) {
    EACH(i, n) {
        out[i] = table[(long long) ids[i / columns] * columns + i % columns];
    }
}

// What is above the diagonal becomes what is below it. matrix [n, n], blocks of 32 x 32 threads by x and y
extern "C" __global__ void mirror(float* matrix, int n) {
    __shared__ float tile[32][33];
    if (blockIdx.x > blockIdx.y) {
        return;
    }
    int tx = threadIdx.x % 32;
    for (int ty = threadIdx.x / 32; ty < 32; ty += THREADS / 32) {
        int row = blockIdx.y * 32 + ty;
        int column = blockIdx.x * 32 + tx;
        tile[ty][tx] = row < n && column < n ? matrix[(long long) row * n + column] : 0;
    }
    __syncthreads();
    for (int ty = threadIdx.x / 32; ty < 32; ty += THREADS / 32) {
        int row = blockIdx.x * 32 + ty;
        int column = blockIdx.y * 32 + tx;
        if (row < n && column < n && row < column) {
            matrix[(long long) row * n + column] = tile[tx][ty];
        }
    }
}

// fp16 as fp32, exactly
extern "C" __global__ void widen_f16(const unsigned short* halves, float* out, long long n) {
    EACH(i, n) {
        float value;
        asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(halves[i]));
        out[i] = value;
    }
}

// bf16 as fp32, exactly
extern "C" __global__ void widen_bf16(const unsigned short* halves, float* out, long long n) {
    EACH(i, n) {
        out[i] = __uint_as_float((unsigned int) halves[i] << 16);
    }
}

// sums[column] += sum over rows of |x|, a thread a column. x [rows, columns]
extern "C" __global__ void add_magnitudes(const float* x, int rows, int columns, double* sums) {
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    if (column >= columns) {
        return;
    }
    double sum = sums[column];
    for (int row = 0; row < rows; row++) {
        sum += fabsf(x[(long long) row * columns + column]);
    }
    sums[column] = sum;
}
