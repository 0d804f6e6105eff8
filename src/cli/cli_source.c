/* cli_source.c - open what a command line names: tables, laws, fits. */
#include "cli/cli_source.h"

#include "base/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t max_fit_bytes = (size_t)1 << 31; /* 1e6 draws of 50 parameters */

kl_status kl_source_law(kl_law **out, const char *otherwise, const kl_args *args,
                        kl_error *err)
{
    kl_status status = kl_law_open(out, args->law ? args->law : otherwise, err);
    if (!status && args->target) status = kl_law_set_target(*out, args->target, err);
    if (status) {
        kl_law_free(*out);
        *out = NULL;
    }
    return status;
}

kl_status kl_source_resolve(kl_law *law, const kl_table *table, kl_error *err)
{
    const size_t n = kl_table_get_n_columns(table);
    const char **names = malloc((n + 1) * sizeof *names);
    if (!names) return kl_fail_nomem(err);
    for (size_t i = 0; i < n; i++) names[i] = kl_table_get_column_name(table, i);
    const kl_status status = kl_law_resolve(law, names, n, err);
    free(names);
    return status;
}

kl_status kl_source_drop_worst(kl_table *table, const char *target, const kl_args *args,
                               kl_error *err)
{
    if (!args->drop_worst) return KL_OK;
    return kl_table_drop_largest(table, target, args->drop_worst, err);
}

kl_status kl_source_fixed(kl_fit_fixed **out, size_t *n, kl_args *args, kl_error *err)
{
    const char **names, **values;
    *out = NULL;
    *n = 0;
    if (!args->fix) return KL_OK;
    size_t count;
    kl_status status =
        kl_args_pairs(&names, &values, &count, args->fix, "--fix", args, err);
    if (status) return status;
    kl_fit_fixed *fixed = kl_arena_array(&args->arena, count, sizeof *fixed);
    if (!fixed) return kl_fail_nomem(err);
    for (size_t i = 0; i < count; i++) {
        if (!values[i])
            return kl_fail(err, KL_E_USAGE, "--fix: '%s' has no value", names[i]);
        for (size_t k = 0; k < i; k++)
            if (!strcmp(names[k], names[i]))
                return kl_fail(err, KL_E_USAGE, "--fix: '%s' is given twice", names[i]);
        fixed[i].name = names[i];
        status = kl_args_number(&fixed[i].value, values[i], "--fix", err);
        if (status) return status;
    }
    *out = fixed;
    *n = count;
    return KL_OK;
}

/* The published values of a law, overlaid by --fix. */
static kl_status values_of_law(double *values, const kl_law *law,
                               const kl_fit_fixed *fixed, size_t n_fixed, kl_error *err)
{
    const size_t n = kl_law_get_n_parameters(law);
    const kl_law_published *published = kl_law_get_chosen(law);
    for (size_t i = 0; i < n; i++) values[i] = published ? published->values[i] : NAN;
    for (size_t f = 0; f < n_fixed; f++) {
        size_t i = 0;
        while (i < n && strcmp(kl_law_get_parameter(law, i)->name, fixed[f].name)) i++;
        if (i == n)
            return kl_fail(err, KL_E_USAGE, "--fix: law '%s' has no parameter '%s'",
                           kl_law_get_name(law), fixed[f].name);
        values[i] = fixed[f].value;
    }
    for (size_t i = 0; i < n; i++)
        if (isnan(values[i]))
            return kl_fail(
                err, KL_E_USAGE,
                "law '%s': parameter '%s' has no value (name a published fit as "
                "in LAW@SOURCE, see 'kleiber laws %s', or use --fix)",
                kl_law_get_name(law), kl_law_get_parameter(law, i)->name,
                kl_law_get_name(law));
    return KL_OK;
}

static kl_status fit_of_law(kl_fit **out, const char *const *names, size_t n_names,
                            kl_args *args, kl_error *err)
{
    kl_law *law = NULL;
    kl_fit_fixed *fixed;
    size_t n_fixed;
    kl_status status = kl_source_law(&law, NULL, args, err);
    if (!status && !kl_law_is_resolved(law))
        status = kl_law_resolve(law, names, n_names, err);
    if (!status) status = kl_source_fixed(&fixed, &n_fixed, args, err);
    if (!status) {
        const size_t n = kl_law_get_n_parameters(law);
        double *values = kl_arena_doubles(&args->arena, n + 1);
        status = values ? values_of_law(values, law, fixed, n_fixed, err)
                        : kl_fail_nomem(err);
        if (!status) status = kl_fit_from_values(out, law, values, err);
    }
    kl_law_free(law);
    return status;
}

kl_status kl_source_fit(kl_fit **out, const char *path, const char *const *names,
                        size_t n_names, kl_args *args, kl_error *err)
{
    *out = NULL;
    if (path && args->law)
        return kl_fail(err, KL_E_USAGE, "give either a fit ('%s') or --law, not both",
                       path);
    if (!path && !args->law)
        return kl_fail(err, KL_E_USAGE,
                       "missing argument: a file made by 'kleiber fit -o', "
                       "or --law LAW@SOURCE");
    if (!path) return fit_of_law(out, names, n_names, args, err);
    if (args->fix || args->target)
        return kl_fail(err, KL_E_USAGE,
                       "--%s goes with --law: the fit '%s' has its own",
                       args->fix ? "fix" : "target", path);
    char *text = NULL;
    size_t n_bytes = 0;
    kl_status status = kl_file_read(&text, &n_bytes, path, max_fit_bytes, err);
    const char *origin = strcmp(path, "-") ? path : "standard input";
    if (!status) status = kl_fit_from_json(out, text, n_bytes, origin, err);
    free(text);
    return status;
}
