/*
 * The NEON intrinsics that minimp3 uses, as WebAssembly SIMD: minimp3 has no path of its own for it. Products and sums
 * are rounded one by one, never fused, so that every machine gives the same bits.
 */
#pragma once
#include <stdint.h>
#include <wasm_simd128.h>

typedef float float32_t;
typedef float float32x2_t __attribute__((__vector_size__(8)));
typedef float float32x4_t __attribute__((__vector_size__(16)));

static inline float32x4_t vld1q_f32(const float *from) { return (float32x4_t)wasm_v128_load(from); }
static inline void vst1q_f32(float *to, float32x4_t x) { wasm_v128_store(to, (v128_t)x); }
static inline void vst1_f32(float *to, float32x2_t x) { __builtin_memcpy(to, &x, sizeof x); }
static inline float32x4_t vmovq_n_f32(float x) { return (float32x4_t){x, x, x, x}; }
static inline float32x4_t vaddq_f32(float32x4_t x, float32x4_t y) { return x + y; }
static inline float32x4_t vsubq_f32(float32x4_t x, float32x4_t y) { return x - y; }
static inline float32x4_t vmulq_f32(float32x4_t x, float32x4_t y) { return x * y; }
static inline float32x4_t vrev64q_f32(float32x4_t x) { return __builtin_shufflevector(x, x, 1, 0, 3, 2); }
static inline float32x2_t vget_low_f32(float32x4_t x) { return __builtin_shufflevector(x, x, 0, 1); }
static inline float32x2_t vget_high_f32(float32x4_t x) { return __builtin_shufflevector(x, x, 2, 3); }
static inline float32x4_t vcombine_f32(float32x2_t low, float32x2_t high) {
    return __builtin_shufflevector(low, high, 0, 1, 2, 3);
}
#define vst1q_lane_f32(to, x, lane) (*(to) = (x)[lane])

/* For minimp3's conversion to 16 bits, which nothing calls. */
typedef int16_t int16x4_t __attribute__((__vector_size__(8)));
#define vqmovn_s32(x) (__builtin_trap(), (int16x4_t){0})
#define vst1_lane_s16(to, x, lane) (*(to) = (x)[lane])
