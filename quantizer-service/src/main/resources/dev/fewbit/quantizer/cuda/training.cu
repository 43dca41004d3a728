// What training needs besides products of matrices and what decoder.cu has. Everything is row-major fp32; sums over a row are fp64 in a fixed order, and no result
// depends on the order in which blocks run: the same input gives the same bits on the same kind of GPU. Blocks have 256 threads.
//
// "Split" is the layout attention works in, [window, head, position, dim]: the query heads of a key head lie one behind the other there, so
// that grouped queries are rows of one product. "Joined" is that of the linears, [window, position, head, dim].

typedef long long Size;

#define THREADS 256
#define LANES 32
#define LOWEST -3.402823466e38f
#define ALL_LANES 0xffffffffu

__device__ __forceinline__ Size element() { return (Size) blockIdx.x * THREADS + threadIdx.x; }

// A row a warp, 8 rows a block.
__device__ __forceinline__ Size warp_row() { return (Size) blockIdx.x * (THREADS / LANES) + threadIdx.x / LANES; }

__device__ __forceinline__ int lane() { return threadIdx.x % LANES; }

__device__ __forceinline__ double warp_sum(double value) {
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, distance);
    }
    return value;
}

__device__ __forceinline__ float warp_largest(float value) {
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
        value = fmaxf(value, __shfl_xor_sync(ALL_LANES, value, distance));
    }
    return value;
}

__device__ double block_sum(double value) {
    __shared__ double parts[THREADS / LANES];
    value = warp_sum(value);
    __syncthreads();
    if (lane() == 0) {
        parts[threadIdx.x / LANES] = value;
    }
    __syncthreads();
    double sum = 0;
    for (int i = 0; i < THREADS / LANES; i++) {
        sum += parts[i];
    }
    return sum;
}

__device__ float block_largest(float value) {
    __shared__ float parts[THREADS / LANES];
    value = warp_largest(value);
    __syncthreads();
    if (lane() == 0) {
        parts[threadIdx.x / LANES] = value;
    }
    __syncthreads();
    float largest = parts[0];
    for (int i = 1; i < THREADS / LANES; i++) {
        largest = fmaxf(largest, parts[i]);
    }
    return largest;
}

// x[i] = table[token of row i of the chosen windows]. A block a row.
extern "C" __global__ void embed_windows(
        const float *table, const int *ids, const int *windows, float *x, int length, int hidden) {
    Size row = blockIdx.x;
    int id = ids[(Size) windows[row / length] * length + row % length];
    for (int i = threadIdx.x; i < hidden; i += THREADS) {
        x[row * hidden + i] = table[(Size) id * hidden + i];
    }
}

// x[w] = table[token of window w at the position]. A block a window.
extern "C" __global__ void embed_position(
        const float *table, const int *ids, float *x, int position, int length, int hidden) {
    Size window = blockIdx.x;
    int id = ids[window * length + position];
    for (int i = threadIdx.x; i < hidden; i += THREADS) {
        x[window * hidden + i] = table[(Size) id * hidden + i];
    }
}

// The rows of the chosen windows, one window behind the other. A block a row.
extern "C" __global__ void gather(const float *from, const int *windows, float *to, int length, int hidden) {
    Size row = blockIdx.x;
    Size source = (Size) windows[row / length] * length + row % length;
    for (int i = threadIdx.x; i < hidden; i += THREADS) {
        to[row * hidden + i] = from[source * hidden + i];
    }
}

// dx_i += f g_i dy_i - x_i f^3 / n sum_j(g_j dy_j x_j). A warp a row.
extern "C" __global__ void rms_norm_back(
        const float *x, const float *gain, const float *dy, float *dx, Size rows, int n, double epsilon) {
    Size row = warp_row();
    if (row >= rows) {
        return;
    }
    const float *in = x + row * n;
    const float *out = dy + row * n;
    double squares = 0;
    double dot = 0;
    for (int i = lane(); i < n; i += LANES) {
        squares += (double) in[i] * in[i];
        dot += (double) gain[i] * out[i] * in[i];
    }
    squares = warp_sum(squares);
    dot = warp_sum(dot);
    double factor = 1 / sqrt(squares / n + epsilon);
    float straight = (float) factor;
    float back = (float) (factor * factor * factor * dot / n);
    for (int i = lane(); i < n; i += LANES) {
        dx[row * n + i] += straight * gain[i] * out[i] - in[i] * back;
    }
}

// Joined to split, turned by the position where turn is 1. A thread a pair of elements half a head apart; cos and sin [length, dim / 2].
extern "C" __global__ void split_heads(
        const float *joined, const float *cos, const float *sin, float *split, Size pairs, int length, int heads,
        int dim, int turn) {
    Size at = element();
    if (at >= pairs) {
        return;
    }
    int half = dim / 2;
    int i = (int) (at % half);
    Size rest = at / half;
    int head = (int) (rest % heads);
    Size token = rest / heads;
    int position = (int) (token % length);
    const float *in = joined + (token * heads + head) * dim + i;
    float *out = split + ((token / length * heads + head) * length + position) * dim + i;
    float first = in[0];
    float second = in[half];
    if (turn != 0) {
        float c = cos[(Size) position * half + i];
        float s = sin[(Size) position * half + i];
        out[0] = first * c - second * s;
        out[half] = second * c + first * s;
    } else {
        out[0] = first;
        out[half] = second;
    }
}

// Split to joined, turned back by the position where turn is 1: the way back through split_heads.
extern "C" __global__ void join_heads(
        const float *split, const float *cos, const float *sin, float *joined, Size pairs, int length, int heads,
        int dim, int turn) {
    Size at = element();
    if (at >= pairs) {
        return;
    }
    int half = dim / 2;
    int i = (int) (at % half);
    Size rest = at / half;
    int head = (int) (rest % heads);
    Size token = rest / heads;
    int position = (int) (token % length);
    const float *in = split + ((token / length * heads + head) * length + position) * dim + i;
    float *out = joined + (token * heads + head) * dim + i;
    float first = in[0];
    float second = in[half];
    if (turn != 0) {
        float c = cos[(Size) position * half + i];
        float s = sin[(Size) position * half + i];
        out[0] = first * c + second * s;
        out[half] = second * c - first * s;
    } else {
        out[0] = first;
        out[half] = second;
    }
}

// d becomes p (d - sum(p d)), the gradient of the scores from that of the weights p. A warp a row.
extern "C" __global__ void causal_softmax_back(const float *weights, float *gradients, Size rows, int length) {
    Size row = warp_row();
    if (row >= rows) {
        return;
    }
    const float *p = weights + row * length;
    float *d = gradients + row * length;
    int own = (int) (row % length) + 1;
    double dot = 0;
    for (int i = lane(); i < own; i += LANES) {
        dot += (double) p[i] * d[i];
    }
    float mean = (float) warp_sum(dot);
    for (int i = lane(); i < length; i += LANES) {
        d[i] = i < own ? p[i] * (d[i] - mean) : 0;
    }
}

// dg = dy u s (1 + g (1 - s)) and du = dy g s, s being the sigmoid of g. A thread an element.
extern "C" __global__ void swiglu_back(
        const float *gate, const float *up, const float *dy, float *dgate, float *dup, Size count) {
    Size i = element();
    if (i < count) {
        float g = gate[i];
        float sigmoid = 1 / (1 + expf(-g));
        float activation = g * sigmoid;
        float slope = sigmoid + activation * (1 - sigmoid);
        float d = dy[i];
        dgate[i] = d * up[i] * slope;
        dup[i] = d * activation;
    }
}

// KL(p || q) of each row's logits into losses; where weight is not 0, found becomes its gradient weight (q - p). A block a row.
extern "C" __global__ void divergence(
        const float *expected, float *found, double *losses, int vocabulary, float weight) {
    Size row = blockIdx.x;
    const float *p = expected + row * vocabulary;
    float *q = found + row * vocabulary;
    float p_top = LOWEST;
    float q_top = LOWEST;
    for (int v = threadIdx.x; v < vocabulary; v += THREADS) {
        p_top = fmaxf(p_top, p[v]);
        q_top = fmaxf(q_top, q[v]);
    }
    p_top = block_largest(p_top);
    q_top = block_largest(q_top);
    double p_sum = 0;
    double q_sum = 0;
    // sum_v e^(p_v - p_top) ((p_v - p_top) - (q_v - q_top)): the logarithms of the sums are taken off at the end.
    double cross = 0;
    for (int v = threadIdx.x; v < vocabulary; v += THREADS) {
        float e = expf(p[v] - p_top);
        p_sum += e;
        q_sum += expf(q[v] - q_top);
        cross += (double) e * (p[v] - p_top - (q[v] - q_top));
    }
    p_sum = block_sum(p_sum);
    q_sum = block_sum(q_sum);
    cross = block_sum(cross);
    if (threadIdx.x == 0) {
        losses[row] = cross / p_sum - log(p_sum) + log(q_sum);
    }
    if (weight != 0) {
        float p_factor = (float) (1 / p_sum);
        float q_factor = (float) (1 / q_sum);
        for (int v = threadIdx.x; v < vocabulary; v += THREADS) {
            q[v] = weight * (expf(q[v] - q_top) * q_factor - expf(p[v] - p_top) * p_factor);
        }
    }
}

// Logits p become sqrt(p) e - p sum(sqrt(p) e) of their softmax, e being -1 where bit v % 64 of word v / 64 of the row is set and 1 elsewhere. A
// block a row; signs [rows, ceil(vocabulary / 64)].
extern "C" __global__ void probe(float *logits, const unsigned long long *signs, int vocabulary) {
    Size row = blockIdx.x;
    float *x = logits + row * vocabulary;
    const unsigned long long *minus = signs + row * ((vocabulary + 63) / 64);
    float top = LOWEST;
    for (int v = threadIdx.x; v < vocabulary; v += THREADS) {
        top = fmaxf(top, x[v]);
    }
    top = block_largest(top);
    double sum = 0;
    for (int v = threadIdx.x; v < vocabulary; v += THREADS) {
        x[v] = expf(x[v] - top);
        sum += x[v];
    }
    float factor = (float) (1 / block_sum(sum));
    double total = 0;
    for (int v = threadIdx.x; v < vocabulary; v += THREADS) {
        x[v] *= factor;
        float root = sqrtf(x[v]);
        total += minus[v / 64] >> (v % 64) & 1 ? -root : root;
    }
    total = block_sum(total);
    for (int v = threadIdx.x; v < vocabulary; v += THREADS) {
        float root = sqrtf(x[v]);
        x[v] = (float) ((minus[v / 64] >> (v % 64) & 1 ? -root : root) - x[v] * total);
    }
}

// The length of each row, and the row divided by it. A block a row.
extern "C" __global__ void unit_rows(const float *x, float *unit, float *lengths, int n, float least) {
    Size row = blockIdx.x;
    double squares = 0;
    for (int i = threadIdx.x; i < n; i += THREADS) {
        squares += (double) x[row * n + i] * x[row * n + i];
    }
    float length = (float) sqrt(block_sum(squares));
    for (int i = threadIdx.x; i < n; i += THREADS) {
        unit[row * n + i] = x[row * n + i] / fmaxf(length, least);
    }
    if (threadIdx.x == 0) {
        lengths[row] = length;
    }
}

// |found - expected|^2 of each row into losses; where factor is not 0, found becomes factor (found - expected). Expected are the rows of the
// chosen windows. A block a row.
extern "C" __global__ void distance(
        float *found, const float *expected, const int *windows, double *losses, int length, int hidden, float factor) {
    Size row = blockIdx.x;
    float *x = found + row * hidden;
    const float *wanted = expected + ((Size) windows[row / length] * length + row % length) * hidden;
    double squares = 0;
    for (int i = threadIdx.x; i < hidden; i += THREADS) {
        double gap = (double) x[i] - wanted[i];
        squares += gap * gap;
        if (factor != 0) {
            x[i] = factor * (x[i] - wanted[i]);
        }
    }
    squares = block_sum(squares);
    if (threadIdx.x == 0) {
        losses[row] = squares;
    }
}

// The squares of each row, summed. A block a row.
extern "C" __global__ void row_squares(const float *x, double *sums, int n) {
    Size row = blockIdx.x;
    double squares = 0;
    for (int i = threadIdx.x; i < n; i += THREADS) {
        squares += (double) x[row * n + i] * x[row * n + i];
    }
    squares = block_sum(squares);
    if (threadIdx.x == 0) {
        sums[row] = squares;
    }
}

// One block.
extern "C" __global__ void sum_up(const double *values, Size count, double *sum) {
    double mine = 0;
    for (Size i = threadIdx.x; i < count; i += THREADS) {
        mine += values[i];
    }
    mine = block_sum(mine);
    if (threadIdx.x == 0) {
        *sum = mine;
    }
}

__device__ __forceinline__ unsigned short to_half(float value) {
    unsigned short half;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(half) : "f"(value));
    return half;
}

__device__ __forceinline__ float to_float(unsigned short half) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(half));
    return value;
}

// s0 e^l as fp16 holds it; never 0, never infinite.
__device__ __forceinline__ unsigned short half_scale(float start, float log_scale) {
    float scale = start * (float) exp((double) log_scale);
    return to_half(fminf(fmaxf(scale, 5.9604644775390625e-8f), 65504.0f));
}

__device__ __forceinline__ float code_of(float latent, int largest) {
    return fminf(fmaxf(rintf(latent), 0.0f), (float) largest);
}

// The first latent codes are codes. A thread an element.
extern "C" __global__ void latent_begin(const unsigned char *codes, float *latent, Size count) {
    Size i = element();
    if (i < count) {
        latent[i] = codes[i];
    }
}

// w' = (code - z) s. A warp a quantization block [row, block] of n * blocks.
extern "C" __global__ void latent_restore(
        const float *latent, const float *log_scales, const float *start_scales, const unsigned char *zero_points,
        float *restored, Size count, int k, int blocks, int block_size, int largest) {
    Size at = warp_row();
    if (at >= count) {
        return;
    }
    int from = (int) (at % blocks) * block_size;
    int to = min(from + block_size, k);
    Size row = at / blocks * k;
    float scale = to_float(half_scale(start_scales[at], log_scales[at]));
    float zero_point = zero_points[at];
    for (int i = from + lane(); i < to; i += LANES) {
        restored[row + i] = (code_of(latent[row + i], largest) - zero_point) * scale;
    }
}

struct Moments {
    float mean;
    float square;
};

// One move of Adam, rounded where the processor's rounds.
__device__ __forceinline__ float adam(
        float value, float g, Moments &moments, float beta1, float beta2, double mean_factor, double square_factor,
        double epsilon, double rate) {
    float m = __fadd_rn(__fmul_rn(beta1, moments.mean), __fmul_rn(1 - beta1, g));
    float v = __fadd_rn(__fmul_rn(beta2, moments.square), __fmul_rn(__fmul_rn(1 - beta2, g), g));
    moments.mean = m;
    moments.square = v;
    return __fsub_rn(value, (float) (rate * (m * mean_factor) / (sqrt(v * square_factor) + epsilon)));
}

// From the gradient of w': through rounding, which counts as the identity, to those of u and l, a step of Adam for both, and the w' behind
// it. log_scales is [3, count]: l and its moments. A warp a quantization block.
extern "C" __global__ void latent_step(
        const float *gradient, float *latent, float *mean, float *square, float *log_scales, const float *start_scales,
        const unsigned char *zero_points, float *restored, Size count, int k, int blocks, int block_size, int largest,
        float inside, float widest, float beta1, float beta2, double mean_factor, double square_factor, double epsilon,
        double code_rate, double scale_rate) {
    Size at = warp_row();
    if (at >= count) {
        return;
    }
    int from = (int) (at % blocks) * block_size;
    int to = min(from + block_size, k);
    Size row = at / blocks * k;
    float l = log_scales[at];
    float scale = to_float(half_scale(start_scales[at], l));
    float zero_point = zero_points[at];
    double sum = 0;
    for (int i = from + lane(); i < to; i += LANES) {
        float g = gradient[row + i] * scale;
        float u = latent[row + i];
        sum += (double) g * (code_of(u, largest) - zero_point);
        Moments moments = {mean[row + i], square[row + i]};
        u = adam(u, g, moments, beta1, beta2, mean_factor, square_factor, epsilon, code_rate);
        latent[row + i] = fminf(fmaxf(u, -inside), largest + inside);
        mean[row + i] = moments.mean;
        square[row + i] = moments.square;
    }
    float dl = (float) warp_sum(sum);
    Moments moments = {log_scales[count + at], log_scales[2 * count + at]};
    l = adam(l, dl, moments, beta1, beta2, mean_factor, square_factor, epsilon, scale_rate);
    l = fminf(fmaxf(l, -widest), widest);
    // Every lane has read its block's l by the time the first one writes it.
    __syncwarp();
    if (lane() == 0) {
        log_scales[at] = l;
        log_scales[count + at] = moments.mean;
        log_scales[2 * count + at] = moments.square;
    }
    float now = to_float(half_scale(start_scales[at], l));
    for (int i = from + lane(); i < to; i += LANES) {
        restored[row + i] = (code_of(latent[row + i], largest) - zero_point) * now;
    }
}

// The codes as bytes. A thread an element.
extern "C" __global__ void latent_codes(const float *latent, unsigned char *codes, Size count, int largest) {
    Size i = element();
    if (i < count) {
        codes[i] = (unsigned char) code_of(latent[i], largest);
    }
}

// The scales as fp16. A thread an element.
extern "C" __global__ void latent_scales(
        const float *log_scales, const float *start_scales, unsigned short *scales, Size count) {
    Size i = element();
    if (i < count) {
        scales[i] = half_scale(start_scales[i], log_scales[i]);
    }
}

// Heads of tokens that are all at one position, [windows, heads * dim], turned in place. A thread a pair.
extern "C" __global__ void turn_at(
        float *x, const float *cos, const float *sin, Size pairs, int position, int dim) {
    Size at = element();
    if (at >= pairs) {
        return;
    }
    int half = dim / 2;
    int i = (int) (at % half);
    float *p = x + at / half * dim + i;
    float c = cos[(Size) position * half + i];
    float s = sin[(Size) position * half + i];
    float first = p[0];
    float second = p[half];
    p[0] = first * c - second * s;
    p[half] = second * c + first * s;
}

// Heads [windows * heads, dim] to their place among those kept, [windows * heads, length, dim]. A thread an element.
extern "C" __global__ void keep_at(const float *x, float *kept, Size count, int position, int length, int dim) {
    Size at = element();
    if (at < count) {
        kept[(at / dim * length + position) * dim + at % dim] = x[at];
    }
}

// One query head of one window over the first `seen` keys and values kept: scores [windows * heads, length] are for its use. A block a
// query head.
extern "C" __global__ void attend_one(
        const float *queries, const float *keys, const float *values, float *scores, float *output, int seen,
        int length, int group, int dim, float scale) {
    Size head = blockIdx.x;
    const float *q = queries + head * dim;
    const float *k = keys + head / group * length * dim;
    const float *v = values + head / group * length * dim;
    float *s = scores + head * length;
    for (int position = threadIdx.x / LANES; position < seen; position += THREADS / LANES) {
        float part = 0;
        for (int i = lane(); i < dim; i += LANES) {
            part += q[i] * k[(Size) position * dim + i];
        }
        double dot = warp_sum(part);
        if (lane() == 0) {
            s[position] = (float) dot * scale;
        }
    }
    __syncthreads();
    float largest = LOWEST;
    for (int i = threadIdx.x; i < seen; i += THREADS) {
        largest = fmaxf(largest, s[i]);
    }
    largest = block_largest(largest);
    double sum = 0;
    for (int i = threadIdx.x; i < seen; i += THREADS) {
        float e = expf(s[i] - largest);
        s[i] = e;
        sum += e;
    }
    // Also the barrier behind which every weight can be read.
    float factor = (float) (1 / block_sum(sum));
    for (int i = threadIdx.x; i < dim; i += THREADS) {
        float total = 0;
        for (int position = 0; position < seen; position++) {
            total += s[position] * v[(Size) position * dim + i];
        }
        output[head * dim + i] = total * factor;
    }
}

// A token of the distribution behind each row of logits, by the uniform number [windows, length] of its position, to the position behind it.
// A block a window; each thread looks at a stretch of the vocabulary.
extern "C" __global__ void draw(
        const float *logits, const double *uniforms, int *ids, int vocabulary, int position, int length) {
    __shared__ double stretches[THREADS];
    __shared__ int drawn;
    Size window = blockIdx.x;
    const float *row = logits + window * vocabulary;
    float largest = LOWEST;
    for (int v = threadIdx.x; v < vocabulary; v += THREADS) {
        largest = fmaxf(largest, row[v]);
    }
    largest = block_largest(largest);
    int width = (vocabulary + THREADS - 1) / THREADS;
    int from = min((int) threadIdx.x * width, vocabulary);
    int to = min(from + width, vocabulary);
    double mine = 0;
    for (int v = from; v < to; v++) {
        mine += expf(row[v] - largest);
    }
    stretches[threadIdx.x] = mine;
    if (threadIdx.x == 0) {
        drawn = vocabulary - 1;
    }
    __syncthreads();
    double before = 0;
    double total = 0;
    for (int i = 0; i < THREADS; i++) {
        if (i == threadIdx.x) {
            before = total;
        }
        total += stretches[i];
    }
    double wanted = uniforms[window * length + position] * total;
    // Exactly one stretch holds it: a stretch ends where the next one begins. Weights are summed up as the stretch's sum was.
    if (before <= wanted && wanted < before + mine) {
        double sum = 0;
        for (int v = from; v < to; v++) {
            sum += expf(row[v] - largest);
            if (wanted < before + sum) {
                drawn = v;
                break;
            }
        }
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        ids[window * length + position + 1] = drawn;
    }
}
