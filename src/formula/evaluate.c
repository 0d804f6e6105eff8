/* evaluate.c - run a plan over a block of rows. */
#include "formula/frame.h"
#include "base/fail.h"

#include <stdlib.h>

static size_t scratch_of(const kl_plan *plan)
{
    return plan->n_scalars * KL_LANES + plan->n_registers * KL_BLOCK;
}

size_t kl_program_get_scratch(const kl_program *p, int order)
{
    size_t most = KL_LANES;            /* never 0: callers allocate it */
    for (int i = 0; i <= order; i++) { /* enough for a lower order is enough */
        const size_t n = scratch_of(&p->code.plan[i]);
        if (n > most) most = n;
    }
    return most;
}

/* Addresses of places in one call. */
typedef struct bases {
    double *base[KL_PLACE_COUNT];
    size_t stride[KL_PLACE_COUNT];
} bases;

static double *address(const bases *b, kl_place place)
{
    return b->base[place.kind] + place.number * b->stride[place.kind];
}

static void gather(const kl_frame *fr, size_t first, size_t width, const double *theta,
                   uint32_t k, double *y)
{
    const kl_leaf *leaf = &fr->p->leaves[k];
    const int32_t *codes = fr->codes + leaf->codes * fr->capacity + first;
    for (size_t i = 0; i < width; i++) y[i] = theta[leaf->slot + (size_t)codes[i]];
}

void kl_frame_block(const kl_frame *fr, size_t first, size_t n, const double *theta,
                    const kl_block_out *out, double *scratch)
{
    const int order = out->hessian ? 2 : out->gradient ? 1 : 0;
    const kl_plan *plan = &fr->p->code.plan[order];
    const size_t width = (n + KL_LANES - 1) / KL_LANES * KL_LANES;
    double *registers = scratch + plan->n_scalars * KL_LANES;
    const bases b = {
        .base = {fr->p->code.consts, scratch, registers, fr->columns + first,
                 out->value, out->gradient, out->hessian},
        .stride = {KL_LANES, KL_LANES, KL_BLOCK, fr->capacity, KL_BLOCK, KL_BLOCK,
                   KL_BLOCK},
    };
    for (size_t i = 0; i < plan->n_loads; i++) {
        double *y = scratch + plan->loads[i].scalar * KL_LANES;
        for (int k = 0; k < KL_LANES; k++) y[k] = theta[plan->loads[i].slot];
    }
    for (size_t i = 0; i < plan->n_scalar_steps; i++) {
        const kl_step *s = &plan->scalar_steps[i];
        s->kernel(KL_LANES, address(&b, s->to), address(&b, s->from[0]),
                  address(&b, s->from[1]), address(&b, s->from[2]));
    }
    for (size_t i = 0; i < plan->n_steps; i++) {
        const kl_step *s = &plan->steps[i];
        double *y = address(&b, s->to);
        if (s->kernel)
            s->kernel(width, y, address(&b, s->from[0]), address(&b, s->from[1]),
                      address(&b, s->from[2]));
        else
            gather(fr, first, width, theta, s->leaf, y);
    }
}

kl_status kl_frame_values(const kl_frame *fr, const double *theta, double *values,
                          kl_error *err)
{
    const size_t n_scratch = kl_program_get_scratch(fr->p, 0);
    double *memory = aligned_alloc(64, (KL_BLOCK + n_scratch) * sizeof *memory);
    if (!memory) return kl_fail_nomem(err);
    const kl_block_out out = {.value = memory};
    for (size_t first = 0; first < fr->n_rows; first += KL_BLOCK) {
        const size_t left = fr->n_rows - first, n = left < KL_BLOCK ? left : KL_BLOCK;
        kl_frame_block(fr, first, n, theta, &out, memory + KL_BLOCK);
        for (size_t i = 0; i < n; i++) values[first + i] = memory[i];
    }
    free(memory);
    return KL_OK;
}
