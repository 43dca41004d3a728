// What the kernels need of a GPU beyond C: fp16 by its bits, so that no header of a toolkit is asked for, and products of 16 x 16 tiles.

typedef unsigned short Half;
typedef unsigned int Word;

#define ALL_LANES 0xffffffffu

__device__ __forceinline__ float widen(Half half) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(half));
    return value;
}

__device__ __forceinline__ Half narrow(float value) {
    Half half;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(half) : "f"(value));
    return half;
}

// 1 for each of two fp16 numbers that is at least its bound, else 0, as fp16
__device__ __forceinline__ Word at_least(Word pair, Word bounds) {
    Word ones;
    asm("set.ge.f16x2.f16x2 %0, %1, %2;" : "=r"(ones) : "r"(pair), "r"(bounds));
    return ones;
}

__device__ __forceinline__ Word add_pairs(Word a, Word b) {
    Word sum;
    asm("add.f16x2 %0, %1, %2;" : "=r"(sum) : "r"(a), "r"(b));
    return sum;
}

// c [16, 8] += a [16, 16] b [16, 8], fp16 into fp32, in the fragments of mma.m16n8k16
__device__ __forceinline__ void multiply_tiles(float* c, const Word* a, Word b0, Word b1) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

__device__ __forceinline__ Word multiply_pairs(Word a, Word b, Word sum) {
    Word result;
    asm("fma.rn.f16x2 %0, %1, %2, %3;" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
    return result;
}
