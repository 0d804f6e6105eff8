/*
 * replicates.c - noise of runs that were made more than once (same inputs, other seed).
 */
#include "fit/sample.h"

#include <math.h>
#include <stdlib.h>

typedef struct keys {
    const kl_sample *sample;
    size_t n_inputs, n_indices;
} keys;

static int compare_inputs(const void *a, const void *b, void *ctx)
{
    const keys *k = ctx;
    const size_t i = *(const size_t *)a, j = *(const size_t *)b;
    for (size_t c = 0; c < k->n_inputs; c++) {
        const double *v = k->sample->inputs[c];
        if (v[i] != v[j]) return v[i] < v[j] ? -1 : 1;
    }
    for (size_t c = 0; c < k->n_indices; c++) {
        const int32_t *v = k->sample->codes[c];
        if (v[i] != v[j]) return v[i] < v[j] ? -1 : 1;
    }
    return 0;
}

kl_status kl_sample_replicates(const kl_sample *s, kl_fit *fit, kl_error *err)
{
    keys k = {s, fit->n_inputs, fit->n_indices};
    size_t *order = malloc(s->n_rows * sizeof *order);
    if (!order) return kl_fail_nomem(err);
    for (size_t i = 0; i < s->n_rows; i++) order[i] = i;
    qsort_r(order, s->n_rows, sizeof *order, compare_inputs, &k);
    size_t groups = 0, rows = 0;
    double squares = 0;
    for (size_t first = 0, next; first < s->n_rows; first = next) {
        double mean = 0;
        for (next = first; next < s->n_rows; next++) {
            if (compare_inputs(&order[first], &order[next], &k)) break;
            mean += s->target[order[next]];
        }
        const size_t n = next - first;
        if (n < 2) continue;
        mean /= (double)n;
        for (size_t i = first; i < next; i++) {
            const double d = s->target[order[i]] - mean;
            squares += d * d;
        }
        groups++;
        rows += n;
    }
    free(order);
    fit->summary.replicate_groups = groups;
    fit->summary.replicate_rows = rows;
    fit->summary.replicate_sd = groups ? sqrt(squares / (double)(rows - groups)) : NAN;
    return KL_OK;
}
