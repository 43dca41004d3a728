// Attention over keys and values of int8 with one scale for a token's head. DIM (32, 64 or 128), GROUP (query heads that one block
// attends for, over the same keys), AHEAD (tokens that a thread asks for at once) and RESIDENT (blocks of a multiprocessor) are told to the
// compiler. Layouts: packed [rows, length, (heads + 2 kvHeads) DIM] fp16, keys and values
// [rows, kvHeads, capacity, DIM], scales [rows, kvHeads, capacity], cosines and sines [positions, DIM / 2] fp16, out as packed but heads DIM.

#define HALF_DIM (DIM / 2)
#define WARPS 4
#define THREADS (32 * WARPS)
#define LARGEST_CODE 127.0f
// Finite, so that differences are.
#define LOWEST -1e30f
#define LOG2_E 1.44269504f

// A number of a head after the turn of its position; place of [0, DIM)
__device__ __forceinline__ float turned(const Half* head, const Half* cosines, const Half* sines, int position, int place) {
    int pair = place % HALF_DIM;
    float cosine = widen(cosines[(long long) position * HALF_DIM + pair]);
    float sine = widen(sines[(long long) position * HALF_DIM + pair]);
    float first = widen(head[pair]);
    float second = widen(head[pair + HALF_DIM]);
    return place < HALF_DIM ? first * cosine - second * sine : second * cosine + first * sine;
}

// A warp writes a head of a token, DIM / 32 numbers a lane, lane first.
__device__ __forceinline__ void store(const float* own, signed char* codes, float* scale, int lane) {
    float most = 0;
    for (int i = 0; i < DIM / 32; i++) {
        most = fmaxf(most, fabsf(own[i]));
    }
    for (int distance = 16; distance > 0; distance /= 2) {
        most = fmaxf(most, __shfl_xor_sync(ALL_LANES, most, distance));
    }
    float inverse = most > 0 ? LARGEST_CODE / most : 0;
    for (int i = 0; i < DIM / 32; i++) {
        codes[32 * i + lane] = (signed char) __float2int_rn(own[i] * inverse);
    }
    if (lane == 0) {
        *scale = most / LARGEST_CODE;
    }
}

// The first warp of a block appends a token's key, the second its value.
__device__ __forceinline__ void append_token(
        const Half* token,
        signed char* keys,
        signed char* values,
        float* key_scales,
        float* value_scales,
        const Half* cosines,
        const Half* sines,
        int position,
        long long head_row,
        int kv_head,
        int heads,
        int kv_heads,
        int capacity) {
    int lane = threadIdx.x % 32;
    float own[DIM / 32];
    long long place = head_row * capacity + position;
    if (threadIdx.x < 32) {
        const Half* key = token + (long long) (heads + kv_head) * DIM;
        for (int i = 0; i < DIM / 32; i++) {
            own[i] = turned(key, cosines, sines, position, 32 * i + lane);
        }
        store(own, keys + place * DIM, key_scales + place, lane);
    } else if (threadIdx.x < 64) {
        const Half* value = token + (long long) (heads + kv_heads + kv_head) * DIM;
        for (int i = 0; i < DIM / 32; i++) {
            own[i] = widen(value[32 * i + lane]);
        }
        store(own, values + place * DIM, value_scales + place, lane);
    }
}

// The tokens of prompts: a block of 64 threads a token and key head. Grid: length, kvHeads, rows.
extern "C" __global__ void append(
        const Half* packed,
        signed char* keys,
        signed char* values,
        float* key_scales,
        float* value_scales,
        const int* last,
        const Half* cosines,
        const Half* sines,
        int heads,
        int kv_heads,
        int capacity) {
    int row = blockIdx.z;
    int length = gridDim.x;
    int position = last[row] + 1 - length + blockIdx.x;
    append_token(
            packed + ((long long) row * length + blockIdx.x) * (heads + 2 * kv_heads) * DIM,
            keys, values, key_scales, value_scales, cosines, sines, position,
            (long long) row * kv_heads + blockIdx.y, blockIdx.y, heads, kv_heads, capacity);
}

#define LANES (DIM / 16)
#define STREAMS (WARPS * 32 / LANES)

__device__ __forceinline__ float code(Word four, int i) {
    return (float) (signed char) (four >> (8 * i));
}

// One new token of each row: appended, then attended for. A stream of LANES lanes takes every STREAMS-th token of a split; the last block of
// a row and group to arrive joins the splits. Grid: splits, heads / GROUP, rows; 128 threads. arrived is zero before and after; partial
// [rows, heads, splits, DIM + 2].
extern "C" __global__ void __launch_bounds__(THREADS, RESIDENT) attend(
        const Half* packed,
        signed char* keys,
        signed char* values,
        float* key_scales,
        float* value_scales,
        const int* last,
        const Half* cosines,
        const Half* sines,
        Half* out,
        float* partial,
        unsigned* arrived,
        int heads,
        int kv_heads,
        int capacity,
        float scale) {
    __shared__ float queries[GROUP][DIM];
    __shared__ float sums[WARPS][GROUP][DIM];
    __shared__ float mosts[WARPS][GROUP];
    __shared__ float weights[WARPS][GROUP];
    __shared__ bool joins;
    int row = blockIdx.z;
    int position = last[row];
    int length = position + 1;
    int chunk = (length + gridDim.x - 1) / gridDim.x;
    int active = (length + chunk - 1) / chunk;
    int begin = blockIdx.x * chunk;
    int end = min(length, begin + chunk);
    if (begin >= length) {
        return;
    }
    int first_head = blockIdx.y * GROUP;
    int kv_head = first_head / (heads / kv_heads);
    const Half* token = packed + (long long) row * (heads + 2 * kv_heads) * DIM;
    long long head_row = (long long) row * kv_heads + kv_head;
    if (end == length) {
        append_token(token, keys, values, key_scales, value_scales, cosines, sines, position, head_row, kv_head, heads, kv_heads, capacity);
    }
    for (int i = threadIdx.x; i < GROUP * DIM; i += THREADS) {
        queries[i / DIM][i % DIM] =
                turned(token + (long long) (first_head + i / DIM) * DIM, cosines, sines, position, i % DIM) * scale * LOG2_E;
    }
    __syncthreads();

    int lane = threadIdx.x % 32;
    int warp = threadIdx.x / 32;
    int part = lane % LANES;
    int stream = threadIdx.x / LANES;
    float query[GROUP][16];
    float sum[GROUP][16];
    float most[GROUP];
    float weight[GROUP];
#pragma unroll
    for (int g = 0; g < GROUP; g++) {
        most[g] = LOWEST;
        weight[g] = 0;
#pragma unroll
        for (int i = 0; i < 16; i++) {
            query[g][i] = queries[g][16 * part + i];
            sum[g][i] = 0;
        }
    }
    const uint4* key_rows = (const uint4*) (keys + head_row * capacity * DIM);
    const uint4* value_rows = (const uint4*) (values + head_row * capacity * DIM);
    const float* key_factors = key_scales + head_row * capacity;
    const float* value_factors = value_scales + head_row * capacity;
    for (int base = begin; base < end; base += STREAMS * AHEAD) {
        uint4 key[AHEAD];
        uint4 value[AHEAD];
        float key_factor[AHEAD];
        float value_factor[AHEAD];
#pragma unroll
        for (int j = 0; j < AHEAD; j++) {
            // What is behind the end is read as the last token, and weighs nothing.
            int t = min(base + j * STREAMS + stream, end - 1);
            key[j] = key_rows[(long long) t * LANES + part];
            key_factor[j] = key_factors[t];
        }
#pragma unroll
        for (int j = 0; j < AHEAD; j++) {
            int t = min(base + j * STREAMS + stream, end - 1);
            value[j] = value_rows[(long long) t * LANES + part];
            value_factor[j] = value_factors[t];
        }
        float score[GROUP][AHEAD];
#pragma unroll
        for (int j = 0; j < AHEAD; j++) {
            Word words[4] = {key[j].x, key[j].y, key[j].z, key[j].w};
            float numbers[16];
#pragma unroll
            for (int i = 0; i < 16; i++) {
                numbers[i] = code(words[i / 4], i % 4);
            }
#pragma unroll
            for (int g = 0; g < GROUP; g++) {
                float dot = 0;
#pragma unroll
                for (int i = 0; i < 16; i++) {
                    dot += numbers[i] * query[g][i];
                }
#pragma unroll
                for (int distance = LANES / 2; distance > 0; distance /= 2) {
                    dot += __shfl_xor_sync(ALL_LANES, dot, distance);
                }
                score[g][j] = base + j * STREAMS + stream < end ? dot * key_factor[j] : LOWEST;
            }
        }
#pragma unroll
        for (int g = 0; g < GROUP; g++) {
            float top = most[g];
#pragma unroll
            for (int j = 0; j < AHEAD; j++) {
                top = fmaxf(top, score[g][j]);
            }
            float shrink = exp2f(most[g] - top);
            most[g] = top;
            weight[g] *= shrink;
#pragma unroll
            for (int i = 0; i < 16; i++) {
                sum[g][i] *= shrink;
            }
#pragma unroll
            for (int j = 0; j < AHEAD; j++) {
                float p = base + j * STREAMS + stream < end ? exp2f(score[g][j] - top) : 0;
                weight[g] += p;
                score[g][j] = p * value_factor[j];
            }
        }
#pragma unroll
        for (int j = 0; j < AHEAD; j++) {
            Word words[4] = {value[j].x, value[j].y, value[j].z, value[j].w};
#pragma unroll
            for (int i = 0; i < 16; i++) {
                float number = code(words[i / 4], i % 4);
#pragma unroll
                for (int g = 0; g < GROUP; g++) {
                    sum[g][i] += score[g][j] * number;
                }
            }
        }
    }

    // The streams of a warp, then the warps.
#pragma unroll
    for (int g = 0; g < GROUP; g++) {
#pragma unroll
        for (int distance = LANES; distance < 32; distance *= 2) {
            float other = __shfl_xor_sync(ALL_LANES, most[g], distance);
            float top = fmaxf(most[g], other);
            float shrink = exp2f(most[g] - top);
            most[g] = top;
            weight[g] *= shrink;
            weight[g] += __shfl_xor_sync(ALL_LANES, weight[g], distance);
#pragma unroll
            for (int i = 0; i < 16; i++) {
                sum[g][i] *= shrink;
                sum[g][i] += __shfl_xor_sync(ALL_LANES, sum[g][i], distance);
            }
        }
        if (lane < LANES) {
#pragma unroll
            for (int i = 0; i < 16; i++) {
                sums[warp][g][16 * part + i] = sum[g][i];
            }
        }
        if (lane == 0) {
            mosts[warp][g] = most[g];
            weights[warp][g] = weight[g];
        }
    }
    __syncthreads();
    for (int i = threadIdx.x; i < GROUP * DIM; i += THREADS) {
        int g = i / DIM;
        float top = mosts[0][g];
        for (int w = 1; w < WARPS; w++) {
            top = fmaxf(top, mosts[w][g]);
        }
        float all = 0;
        float total = 0;
        for (int w = 0; w < WARPS; w++) {
            float shrink = exp2f(mosts[w][g] - top);
            all += sums[w][g][i % DIM] * shrink;
            total += weights[w][g] * shrink;
        }
        long long head = (long long) row * heads + first_head + g;
        if (active == 1) {
            out[head * DIM + i % DIM] = narrow(all / total);
        } else {
            float* own = partial + (head * gridDim.x + blockIdx.x) * (DIM + 2);
            own[i % DIM] = all;
            if (i % DIM == 0) {
                own[DIM] = top;
                own[DIM + 1] = total;
            }
        }
    }
    if (active == 1) {
        return;
    }
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
        unsigned* count = arrived + row * gridDim.y + blockIdx.y;
        joins = atomicAdd(count, 1u) == (unsigned) (active - 1);
        if (joins) {
            *count = 0;
        }
    }
    __syncthreads();
    if (!joins) {
        return;
    }
    __threadfence();
    for (int i = threadIdx.x; i < GROUP * DIM; i += THREADS) {
        long long head = (long long) row * heads + first_head + i / DIM;
        const float* parts = partial + head * gridDim.x * (DIM + 2);
        float top = LOWEST;
        for (int s = 0; s < active; s++) {
            top = fmaxf(top, __ldcg(parts + (long long) s * (DIM + 2) + DIM));
        }
        float all = 0;
        float total = 0;
        for (int s = 0; s < active; s++) {
            const float* split = parts + (long long) s * (DIM + 2);
            float shrink = exp2f(__ldcg(split + DIM) - top);
            all += __ldcg(split + i % DIM) * shrink;
            total += __ldcg(split + DIM + 1) * shrink;
        }
        out[head * DIM + i % DIM] = narrow(all / total);
    }
}

#define TILE 64
#define KEY_STRIDE (DIM + 8)
#define VALUE_STRIDE (TILE + 8)

__device__ __forceinline__ Word pair(float low, float high) {
    return (Word) narrow(low) | ((Word) narrow(high) << 16);
}

// The queries of prompts whose tokens are appended already, causally: a block takes 64 of one head, 16 a warp. Grid: ceil(length / 64),
// heads, rows; 128 threads.
extern "C" __global__ void __launch_bounds__(THREADS) attend_prompt(
        const Half* packed,
        const signed char* keys,
        const signed char* values,
        const float* key_scales,
        const float* value_scales,
        const int* last,
        const Half* cosines,
        const Half* sines,
        Half* out,
        int heads,
        int kv_heads,
        int capacity,
        float scale,
        int length) {
    __shared__ __align__(16) Half tile[TILE * KEY_STRIDE];
    __shared__ __align__(16) Half turned_values[DIM * VALUE_STRIDE];
    int row = blockIdx.z;
    int head = blockIdx.y;
    int kv_head = head / (heads / kv_heads);
    int first = blockIdx.x * TILE;
    int total = last[row] + 1;
    int from = total - length;
    int lane = threadIdx.x % 32;
    int warp = threadIdx.x / 32;
    int g = lane / 4;
    int t = lane % 4;
    long long stride = (long long) (heads + 2 * kv_heads) * DIM;
    const Half* queries = packed + (long long) row * length * stride + (long long) head * DIM;
    for (int i = threadIdx.x; i < TILE * DIM; i += THREADS) {
        int query = first + i / DIM;
        tile[i / DIM * KEY_STRIDE + i % DIM] =
                query < length ? narrow(turned(queries + query * stride, cosines, sines, from + query, i % DIM)) : (Half) 0;
    }
    __syncthreads();
    Word query[DIM / 16][4];
#pragma unroll
    for (int k = 0; k < DIM / 16; k++) {
        const Half* low = tile + (16 * warp + g) * KEY_STRIDE + 16 * k + 2 * t;
        const Half* high = low + 8 * KEY_STRIDE;
        query[k][0] = *(const Word*) low;
        query[k][1] = *(const Word*) high;
        query[k][2] = *(const Word*) (low + 8);
        query[k][3] = *(const Word*) (high + 8);
    }
    __syncthreads();

    float sum[DIM / 8][4];
#pragma unroll
    for (int n = 0; n < DIM / 8; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            sum[n][i] = 0;
        }
    }
    float most[2] = {LOWEST, LOWEST};
    float weight[2] = {0, 0};
    int positions[2] = {from + first + 16 * warp + g, from + first + 16 * warp + g + 8};
    long long head_row = (long long) row * kv_heads + kv_head;
    const signed char* key_rows = keys + head_row * capacity * DIM;
    const signed char* value_rows = values + head_row * capacity * DIM;
    const float* key_factors = key_scales + head_row * capacity;
    const float* value_factors = value_scales + head_row * capacity;
    int end = min(total, from + first + TILE);
    for (int base = 0; base < end; base += TILE) {
        {
            int token = base + threadIdx.x / 2;
            bool there = token < total;
            float factor = there ? key_factors[token] : 0;
            int column = threadIdx.x % 2 * HALF_DIM;
#pragma unroll
            for (int c = 0; c < HALF_DIM; c += 8) {
                uint2 codes = make_uint2(0, 0);
                if (there) {
                    codes = *(const uint2*) (key_rows + (long long) token * DIM + column + c);
                }
                uint4 halves;
                halves.x = pair(code(codes.x, 0) * factor, code(codes.x, 1) * factor);
                halves.y = pair(code(codes.x, 2) * factor, code(codes.x, 3) * factor);
                halves.z = pair(code(codes.y, 0) * factor, code(codes.y, 1) * factor);
                halves.w = pair(code(codes.y, 2) * factor, code(codes.y, 3) * factor);
                *(uint4*) (tile + threadIdx.x / 2 * KEY_STRIDE + column + c) = halves;
            }
        }
        {
            int even = base + 2 * lane;
            float low = even < total ? value_factors[even] : 0;
            float high = even + 1 < total ? value_factors[even + 1] : 0;
            Word* words = (Word*) turned_values;
#pragma unroll
            for (int c = 0; c < DIM / WARPS; c += 8) {
                int column = warp * (DIM / WARPS) + c;
                uint2 a = make_uint2(0, 0);
                uint2 b = make_uint2(0, 0);
                if (even < total) {
                    a = *(const uint2*) (value_rows + (long long) even * DIM + column);
                }
                if (even + 1 < total) {
                    b = *(const uint2*) (value_rows + (long long) (even + 1) * DIM + column);
                }
#pragma unroll
                for (int i = 0; i < 8; i++) {
                    float first_value = code(i < 4 ? a.x : a.y, i % 4) * low;
                    float second_value = code(i < 4 ? b.x : b.y, i % 4) * high;
                    words[(column + i) * (VALUE_STRIDE / 2) + lane] = pair(first_value, second_value);
                }
            }
        }
        __syncthreads();

        float score[TILE / 8][4];
#pragma unroll
        for (int n = 0; n < TILE / 8; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                score[n][i] = 0;
            }
#pragma unroll
            for (int k = 0; k < DIM / 16; k++) {
                const Half* key = tile + (8 * n + g) * KEY_STRIDE + 16 * k + 2 * t;
                multiply_tiles(score[n], query[k], *(const Word*) key, *(const Word*) (key + 8));
            }
        }
        float top[2] = {most[0], most[1]};
#pragma unroll
        for (int n = 0; n < TILE / 8; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                int token = base + 8 * n + 2 * t + i % 2;
                score[n][i] = token <= positions[i / 2] && token < total ? score[n][i] * scale * LOG2_E : LOWEST;
                top[i / 2] = fmaxf(top[i / 2], score[n][i]);
            }
        }
#pragma unroll
        for (int r = 0; r < 2; r++) {
            top[r] = fmaxf(top[r], __shfl_xor_sync(ALL_LANES, top[r], 1));
            top[r] = fmaxf(top[r], __shfl_xor_sync(ALL_LANES, top[r], 2));
            float shrink = exp2f(most[r] - top[r]);
            most[r] = top[r];
            weight[r] *= shrink;
#pragma unroll
            for (int n = 0; n < DIM / 8; n++) {
                sum[n][2 * r] *= shrink;
                sum[n][2 * r + 1] *= shrink;
            }
        }
#pragma unroll
        for (int n = 0; n < TILE / 8; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                score[n][i] = score[n][i] == LOWEST ? 0 : exp2f(score[n][i] - top[i / 2]);
                weight[i / 2] += score[n][i];
            }
        }
#pragma unroll
        for (int k = 0; k < TILE / 16; k++) {
            Word p[4] = {
                pair(score[2 * k][0], score[2 * k][1]),
                pair(score[2 * k][2], score[2 * k][3]),
                pair(score[2 * k + 1][0], score[2 * k + 1][1]),
                pair(score[2 * k + 1][2], score[2 * k + 1][3])};
#pragma unroll
            for (int n = 0; n < DIM / 8; n++) {
                const Half* value = turned_values + (8 * n + g) * VALUE_STRIDE + 16 * k + 2 * t;
                multiply_tiles(sum[n], p, *(const Word*) value, *(const Word*) (value + 8));
            }
        }
        __syncthreads();
    }
#pragma unroll
    for (int r = 0; r < 2; r++) {
        weight[r] += __shfl_xor_sync(ALL_LANES, weight[r], 1);
        weight[r] += __shfl_xor_sync(ALL_LANES, weight[r], 2);
        int query_row = first + 16 * warp + g + 8 * r;
        if (query_row < length) {
            Half* own = out + (((long long) row * length + query_row) * heads + head) * DIM;
            float inverse = 1 / weight[r];
#pragma unroll
            for (int n = 0; n < DIM / 8; n++) {
                *(Word*) (own + 8 * n + 2 * t) = pair(sum[n][2 * r] * inverse, sum[n][2 * r + 1] * inverse);
            }
        }
    }
}
