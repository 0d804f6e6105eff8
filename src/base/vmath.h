/*
 * vmath.h - libm functions that gcc may call for several rows at once (glibc's
 * libmvec).
 *
 * KL_VMATH is set by CMake where libmvec was found. Elsewhere this is <math.h>. Vector
 * versions are within 4 units in the last place; special values are as in libm.
 */
#ifndef KL_BASE_VMATH_H
#define KL_BASE_VMATH_H

#include <math.h>

#ifdef KL_VMATH
#define KL_SIMD __attribute__((simd("notinbranch"), const, nothrow))
KL_SIMD double exp(double);
KL_SIMD double log(double);
KL_SIMD double log2(double);
KL_SIMD double log10(double);
KL_SIMD double log1p(double);
KL_SIMD double pow(double, double);
KL_SIMD double tanh(double);
KL_SIMD double erf(double);
#undef KL_SIMD
#endif

/* One copy of a kernel per kind of CPU, chosen when the program is loaded. */
#ifdef KL_CLONES
#define KL_KERNEL __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define KL_KERNEL
#endif

#endif
