/* halton.h - points that fill a box evenly. */
#ifndef KL_FIT_HALTON_H
#define KL_FIT_HALTON_H

#include <stddef.h>

/**
 * Coordinate `dimension` (0-based) of point `k` of Halton's sequence, in [0, 1): the
 * digits of k in the base of the dimension's prime, mirrored at the point.
 *
 * Reference: halton1960.
 */
double kl_halton(size_t k, size_t dimension);

#endif
