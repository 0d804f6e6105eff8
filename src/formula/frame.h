/* frame.h - a program joined to rows. */
#ifndef KL_FORMULA_FRAME_H
#define KL_FORMULA_FRAME_H

#include "formula/program.h"

struct kl_frame {
    const kl_program *p;
    size_t n_rows;
    size_t capacity; /* rows that fit, with room to read whole lanes behind the last */
    double *columns; /* [columns of the program][capacity] */
    int32_t *codes;  /* [code columns of the program][capacity] */
};

#endif
