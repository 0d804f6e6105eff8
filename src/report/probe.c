/* probe.c - the law and the cost at chosen points, with bands over the draws. */
#include "report/study.h"

#include "base/fail.h"

#include <math.h>

kl_status kl_probe_new(kl_probe *out, const kl_study *s, size_t n, kl_arena *mem,
                       kl_error *err)
{
    *out = (kl_probe){.n = n};
    out->inputs = kl_arena_array(mem, s->n_inputs, sizeof *out->inputs);
    out->codes = kl_arena_array(mem, s->n_indices, sizeof *out->codes);
    if (!out->inputs || !out->codes) return kl_fail_nomem(err);
    for (size_t i = 0; i < s->n_inputs; i++) {
        out->inputs[i] = kl_arena_array(mem, n, sizeof **out->inputs);
        if (!out->inputs[i]) return kl_fail_nomem(err);
        for (size_t k = 0; k < n; k++) out->inputs[i][k] = s->inputs[i].median;
    }
    for (size_t i = 0; i < s->n_indices; i++) {
        out->codes[i] = kl_arena_array(mem, n, sizeof **out->codes);
        if (!out->codes[i]) return kl_fail_nomem(err);
        for (size_t k = 0; k < n; k++) out->codes[i][k] = s->common_level[i];
    }
    return KL_OK;
}

kl_status kl_probe_frame(kl_frame **out, const kl_program *program,
                         const kl_probe *probe, kl_error *err)
{
    const kl_columns columns = {.n_rows = probe->n,
                                .numbers = (const double *const *)probe->inputs,
                                .codes = (const int32_t *const *)probe->codes};
    return kl_frame_new(out, program, &columns, err);
}

kl_status kl_probe_band(kl_band *out, const kl_study *s, const kl_probe *probe,
                        kl_arena *mem, kl_error *err)
{
    const size_t n = probe->n, n_draws = s->n_draws;
    kl_frame *frame = NULL;
    *out = (kl_band){.mid = kl_arena_doubles(mem, n)};
    double *by_draw = kl_arena_array(mem, n_draws * n, sizeof *by_draw);
    double *one = kl_arena_doubles(mem, n_draws);
    if (n_draws) {
        out->lo = kl_arena_doubles(mem, n);
        out->hi = kl_arena_doubles(mem, n);
    }
    if (!out->mid || !by_draw || !one || (n_draws && (!out->lo || !out->hi)))
        return kl_fail_nomem(err);
    kl_status status = kl_probe_frame(&frame, s->program, probe, err);
    if (!status)
        status = kl_frame_values(frame, kl_fit_get_theta(s->fit), out->mid, err);
    for (size_t b = 0; b < n_draws && !status; b++)
        status = kl_frame_values(frame, kl_study_draw(s, b), by_draw + b * n, err);
    for (size_t i = 0; i < n && n_draws && !status; i++) {
        for (size_t b = 0; b < n_draws; b++) one[b] = by_draw[b * n + i];
        kl_study_interval(&out->lo[i], &out->hi[i], s, one, n_draws);
    }
    kl_frame_free(frame);
    return status;
}
