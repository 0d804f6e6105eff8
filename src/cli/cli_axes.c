/* cli_axes.c - NAME=VALUE,VALUE,... of the command line, and the grid they span. */
#include "cli/cli_axes.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_POINTS = 10000000 };

kl_status kl_axes_read(kl_axis *out, const char *operand, kl_args *args, kl_error *err)
{
    const char *equals = strchr(operand, '=');
    const char **unused;
    memset(out, 0, sizeof *out);
    out->name = kl_arena_strndup(&args->arena, operand, (size_t)(equals - operand));
    if (!out->name) return kl_fail_nomem(err);
    if (!*out->name || !equals[1])
        return kl_fail(err, KL_E_USAGE, "'%s' is not NAME=VALUE", operand);
    return kl_args_pairs(&out->values, &unused, &out->n, equals + 1, operand, args,
                         err);
}

static const kl_axis *find_axis(const kl_axis *axes, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(axes[i].name, name)) return &axes[i];
    return NULL;
}

kl_status kl_axes_check(const kl_axis *axes, size_t n_axes, const kl_law *law,
                        kl_error *err)
{
    const size_t n_inputs = kl_law_get_n_inputs(law),
                 n_indices = kl_law_get_n_indices(law);
    for (size_t i = 0; i < n_inputs + n_indices; i++) {
        const char *name = i < n_inputs ? kl_law_get_input(law, i)->name
                                        : kl_law_get_index(law, i - n_inputs);
        if (!find_axis(axes, n_axes, name))
            return kl_fail(err, KL_E_USAGE,
                           "missing argument: %s=VALUE, an input of law '%s'", name,
                           kl_law_get_name(law));
    }
    for (size_t a = 0; a < n_axes; a++) {
        bool known = false;
        for (size_t i = 0; i < n_inputs; i++)
            known = known || !strcmp(axes[a].name, kl_law_get_input(law, i)->name);
        for (size_t i = 0; i < n_indices; i++)
            known = known || !strcmp(axes[a].name, kl_law_get_index(law, i));
        if (!known)
            return kl_fail(err, KL_E_USAGE, "law '%s' has no input '%s'",
                           kl_law_get_name(law), axes[a].name);
        if (find_axis(axes, a, axes[a].name))
            return kl_fail(err, KL_E_USAGE,
                           "'%s' is given twice (list values as %s=1B,7B)",
                           axes[a].name, axes[a].name);
    }
    return KL_OK;
}

/* Column of numbers or categories of the product of all axes, the last fastest. */
static kl_status add_column(kl_table *t, const kl_axis *axes, size_t n_axes,
                            size_t which, size_t n_points, bool is_category,
                            kl_error *err)
{
    const kl_axis *a = &axes[which];
    size_t repeat = 1;
    for (size_t i = which + 1; i < n_axes; i++) repeat *= axes[i].n;
    const char **texts = calloc(n_points, sizeof *texts);
    double *numbers = calloc(n_points, sizeof *numbers);
    kl_status status = texts && numbers ? KL_OK : kl_fail_nomem(err);
    for (size_t i = 0; i < n_points && !status; i++) {
        texts[i] = a->values[i / repeat % a->n];
        if (!is_category) status = kl_args_number(&numbers[i], texts[i], a->name, err);
    }
    if (!status && is_category)
        status = kl_table_add_categories(t, a->name, texts, err);
    else if (!status)
        status = kl_table_add_numbers(t, a->name, numbers, err);
    free(texts);
    free(numbers);
    return status;
}

kl_status kl_axes_table(kl_table **out, const kl_axis *axes, size_t n_axes,
                        const kl_law *law, kl_error *err)
{
    size_t n_points = 1;
    for (size_t a = 0; a < n_axes; a++) {
        if (axes[a].n > MAX_POINTS / n_points)
            return kl_fail(err, KL_E_USAGE, "more than %d points", MAX_POINTS);
        n_points *= axes[a].n;
    }
    kl_status status = kl_table_new(out, n_points, "command line", err);
    for (size_t a = 0; a < n_axes && !status; a++) {
        bool is_category = false;
        for (size_t i = 0; i < kl_law_get_n_indices(law); i++)
            is_category =
                is_category || !strcmp(axes[a].name, kl_law_get_index(law, i));
        status = add_column(*out, axes, n_axes, a, n_points, is_category, err);
    }
    if (status) {
        kl_table_free(*out);
        *out = NULL;
    }
    return status;
}
