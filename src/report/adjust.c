/* adjust.c - inputs that a picture cannot show, held at their usual value. */
#include "base/fail.h"
#include "report/rounding.h"
#include "report/study.h"

#include <math.h>

bool kl_study_hides(const kl_study *s, const bool *shown, bool level_shown)
{
    for (size_t i = 0; i < s->n_inputs; i++)
        if (s->inputs[i].varies && !shown[i]) return true;
    return s->n_indices > (level_shown ? 1 : 0);
}

kl_status kl_study_adjust(double *y, const kl_study *s, const bool *shown,
                          bool level_shown, kl_error *err)
{
    for (size_t k = 0; k < s->n_points; k++) y[k] = kl_study_target(s, k);
    if (!s->n_points || !kl_study_hides(s, shown, level_shown)) return KL_OK;
    kl_arena mem = {0};
    kl_probe probe;
    kl_frame *frame = NULL;
    kl_status status = kl_probe_new(&probe, s, s->n_points, &mem, err);
    if (status) goto out;
    for (size_t k = 0; k < s->n_points; k++) {
        for (size_t i = 0; i < s->n_inputs; i++)
            if (shown[i]) probe.inputs[i][k] = kl_study_input(s, k, i);
        if (level_shown && s->n_indices) probe.codes[0][k] = kl_study_code(s, k, 0);
    }
    status = kl_probe_frame(&frame, s->program, &probe, err);
    if (!status) status = kl_frame_values(frame, kl_fit_get_theta(s->fit), y, err);
    for (size_t k = 0; k < s->n_points && !status; k++) {
        const double residual = kl_study_residual(s, k);
        y[k] = kl_study_is_log(s) ? y[k] * exp(-residual) : y[k] - residual;
    }
out:
    kl_frame_free(frame);
    kl_arena_free(&mem);
    return status;
}

void kl_study_tell_hidden(kl_text *t, const kl_study *s, const bool *shown,
                          bool level_shown)
{
    const char *before = s->n_points ? " Runs, moved along the law, and curves are for "
                                     : " Curves are for ";
    for (size_t i = 0; i < s->n_inputs; i++) {
        if (shown[i] || !s->inputs[i].varies) continue;
        kl_text_addf(t, "%s%s = %s", before, s->inputs[i].name,
                     kl_format_count(s->inputs[i].median, 3).s);
        before = ", ";
    }
    for (size_t i = level_shown ? 1 : 0; i < s->n_indices; i++) {
        const char *index = kl_law_get_index(s->law, i);
        const size_t level = (size_t)s->common_level[i];
        if (level >= kl_fit_get_n_levels(s->fit, index)) continue;
        kl_text_addf(t, "%s%s = %s", before, index,
                     kl_fit_get_level(s->fit, index, level));
        before = ", ";
    }
    if (*before == ',') kl_text_add(t, ".");
}
