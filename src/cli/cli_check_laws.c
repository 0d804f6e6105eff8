/* cli_check_laws.c - can this table tell the parameters of a law? */
#include "cli/cli_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double wanted_decades = 1; /* under this an exponent is hardly measured */
static const double rows_each = 3; /* rows per parameter before it is comfortable */

/* Why an input does not serve the law; "" if it does. *weak: it serves, but badly. */
static void judge_input(char *why, size_t n, bool *weak, const kl_check *check,
                        const char *input)
{
    const kl_check_column *c = kl_check_find_column(check, input);
    why[0] = '\0';
    *weak = false;
    if (!c) {
        snprintf(why, n, "no column '%s' (--map %s=COLUMN)", input, input);
    } else if (!c->is_number) {
        snprintf(why, n, "column '%s' is not numbers", input);
    } else if (c->min == c->max) {
        snprintf(why, n, "'%s' does not vary", input);
    } else if (c->decades < wanted_decades) {
        *weak = true;
        snprintf(why, n, "'%s' spans %.1f decades", input, c->decades);
    }
}

static bool law_uses(const kl_law *law, const char *name)
{
    for (size_t i = 0; i < kl_law_get_n_inputs(law); i++)
        if (!strcmp(kl_law_get_input(law, i)->name, name)) return true;
    return false;
}

/* Keep the worse verdict, and the first reason for it. */
static void lower(kl_check_law *out, char *kept, size_t n, kl_check_verdict verdict,
                  const char *why)
{
    if (verdict >= out->verdict) return;
    out->verdict = verdict;
    snprintf(kept, n, "%s", why);
}

kl_status kl_check_judge_law(kl_check *check, const kl_law *law, kl_args *args,
                             kl_error *err)
{
    kl_check_law one = {.verdict = KL_CHECK_YES};
    char kept[160] = "", why[160];
    const size_t n_rows = kl_table_get_n_rows(check->table);
    const size_t n_parameters = kl_law_get_n_parameters(law);
    if (!kl_check_find_column(check, check->target)) {
        snprintf(why, sizeof why, "no column '%s'", check->target);
        lower(&one, kept, sizeof kept, KL_CHECK_NO, why);
    }
    for (size_t i = 0; i < kl_law_get_n_inputs(law); i++) {
        bool weak;
        judge_input(why, sizeof why, &weak, check, kl_law_get_input(law, i)->name);
        if (*why)
            lower(&one, kept, sizeof kept, weak ? KL_CHECK_WEAK : KL_CHECK_NO, why);
    }
    for (size_t i = 0; i < check->n_pairs; i++) {
        const kl_check_pair *p = &check->pairs[i];
        if (!law_uses(law, p->a) || !law_uses(law, p->b)) continue;
        snprintf(why, sizeof why, "'%s' and '%s' move together", p->a, p->b);
        lower(&one, kept, sizeof kept, KL_CHECK_NO, why);
    }
    snprintf(why, sizeof why, "%zu rows for %zu parameters", n_rows, n_parameters);
    if (n_rows <= n_parameters)
        lower(&one, kept, sizeof kept, KL_CHECK_NO, why);
    else if ((double)n_rows < rows_each * (double)n_parameters)
        lower(&one, kept, sizeof kept, KL_CHECK_WEAK, why);
    one.name = kl_arena_strdup(&args->arena, kl_law_get_name(law));
    one.why = kl_arena_strdup(&args->arena, kept);
    if (!one.name || !one.why) return kl_fail_nomem(err);
    check->laws[check->n_laws++] = one;
    return KL_OK;
}
