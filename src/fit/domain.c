/* domain.c - trial evaluations that find rows outside a law's domain. */
#include "fit/domain.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TRIALS = 8 };

static kl_status refuse(const kl_sample *s, const kl_fit *fit, const kl_table *runs,
                        size_t row, kl_error *err)
{
    const long line = kl_table_get_line(runs, s->table_row[row]);
    kl_text inputs = {0};
    for (size_t i = 0; i < fit->n_inputs; i++)
        kl_text_addf(&inputs, "%s%s = %g", i ? ", " : "",
                     kl_law_get_input(fit->law, i)->name, s->inputs[i][row]);
    char *text = kl_text_take(&inputs);
    if (!text) return kl_fail_nomem(err);
    kl_fail_at(err, KL_E_DOMAIN, line, 0,
               "%s:%ld: law '%s' has no finite value at %s (leave such rows out with "
               "--where)",
               kl_table_get_path(runs), line, kl_law_get_name(fit->law), text);
    free(text);
    return KL_E_DOMAIN;
}

kl_status kl_domain_check(const kl_sample *s, const kl_hunt *h, const kl_fit *fit,
                          const kl_table *runs, kl_error *err)
{
    const size_t n = s->n_rows;
    double *values = malloc(n * sizeof *values);
    double *theta = malloc(fit->n_theta * sizeof *theta);
    bool *finite = calloc(n, sizeof *finite);
    kl_status status = values && theta && finite ? KL_OK : kl_fail_nomem(err);
    for (size_t k = 0; !status && k < TRIALS; k++) {
        memcpy(theta, h->coords->theta, fit->n_theta * sizeof *theta);
        kl_starts_get(h, k, theta);
        status = kl_frame_values(s->frame, theta, values, err);
        bool all = true;
        for (size_t i = 0; !status && i < n; i++)
            all = (finite[i] = finite[i] || isfinite(values[i])) && all;
        if (all) break;
    }
    for (size_t i = 0; !status && i < n; i++)
        if (!finite[i]) status = refuse(s, fit, runs, i, err);
    free(values);
    free(theta);
    free(finite);
    return status;
}
