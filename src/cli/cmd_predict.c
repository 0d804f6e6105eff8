/* cmd_predict.c - kleiber predict: what a fit says at points. */
#include "cli/cli_axes.h"
#include "cli/cli_output.h"
#include "cli/cli_points.h"
#include "cli/cli_source.h"
#include "cli/cli_verbs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* True if an option is given that says how to read a table. */
static bool has_table_options(const kl_args *args)
{
    const kl_table_options *t = &args->table, usual = kl_table_options_default();
    return t->map || t->na || t->units || t->table || t->query || t->format ||
           t->max_line_bytes != usual.max_line_bytes || args->let.n || args->where.n ||
           args->drop_worst;
}

/* Operands: the fit's file (without '='), and axes. */
static kl_status split_operands(const char **path, kl_axis **axes, size_t *n_axes,
                                kl_args *args, kl_error *err)
{
    *path = NULL;
    *n_axes = 0;
    *axes = kl_arena_array(&args->arena, args->operands.n + 1, sizeof **axes);
    if (!*axes) return kl_fail_nomem(err);
    for (size_t i = 0; i < args->operands.n; i++) {
        const char *word = args->operands.items[i];
        if (strchr(word, '=')) {
            const kl_status status =
                kl_axes_read(&(*axes)[(*n_axes)++], word, args, err);
            if (status) return status;
        } else if (*path) {
            return kl_fail(err, KL_E_USAGE,
                           "unexpected argument '%s' (a point is NAME=VALUE)", word);
        } else {
            *path = word;
        }
    }
    if (!args->points && has_table_options(args))
        return kl_fail(err, KL_E_USAGE, "options for reading a table go with --points");
    if (args->points && *n_axes)
        return kl_fail(err, KL_E_USAGE, "give either --points or NAME=VALUE, not both");
    return KL_OK;
}

static kl_status read_points(kl_points *out, const kl_axis *axes, size_t n_axes,
                             const kl_fit *fit, const kl_args *args, kl_error *err)
{
    kl_table *table = NULL;
    const kl_law *law = kl_fit_get_law(fit);
    kl_status status;
    if (args->points) {
        status = kl_table_read(&table, args->points, &args->table, err);
        if (!status)
            status =
                kl_source_drop_worst(table, kl_law_get_target(law)->name, args, err);
    } else {
        status = kl_axes_check(axes, n_axes, law, err);
        if (!status) status = kl_axes_table(&table, axes, n_axes, law, err);
    }
    if (!status) status = kl_points_from_table(out, fit, table, err);
    kl_table_free(table);
    return status;
}

/* Lines of warnings: points far out, then those of the fit itself. */
static void add_warnings(json_t *warnings, const kl_points *points, const kl_fit *fit,
                         double far)
{
    size_t n_far = 0, worst = 0;
    char line[256];
    for (size_t i = 0; i < points->n; i++) {
        if (!(points->predictions[i].decades > far)) continue;
        if (!n_far ||
            points->predictions[i].decades > points->predictions[worst].decades)
            worst = i;
        n_far++;
    }
    if (n_far) {
        const kl_prediction *p = &points->predictions[worst];
        const kl_law *law = kl_fit_get_law(fit);
        char which[64] = "the point lies";
        if (points->n > 1)
            snprintf(which, sizeof which, "%zu of %zu points lie", n_far, points->n);
        snprintf(line, sizeof line,
                 "%s far beyond the data (%s by %.1f decades): the law is not "
                 "tested there",
                 which, kl_law_get_input(law, p->worst_input)->name, p->decades);
        kl_json_append(warnings, kl_json_string(line));
    }
    for (size_t i = 0; i < kl_fit_get_n_warnings(fit); i++) {
        snprintf(line, sizeof line, "fit: %s", kl_fit_get_warning(fit, i));
        kl_json_append(warnings, kl_json_string(line));
    }
}

static const char *warning_text(const void *object, size_t i)
{
    return json_string_value(json_array_get(object, i));
}

static void text_answer(kl_text *out, const kl_args *args, const kl_points *points,
                        const kl_fit *fit, double level, const json_t *warnings)
{
    const kl_law *law = kl_fit_get_law(fit);
    char title[256];
    const bool intervals = points->n && !isnan(points->predictions[0].ci_lo);
    snprintf(title, sizeof title, "%s = %s", kl_law_get_target(law)->name,
             kl_law_get_text(law));
    kl_output_heading(out, args, title);
    kl_points_text(out, points, fit, SIZE_MAX);
    if (intervals) kl_text_addf(out, "  %g%% intervals", 100 * level);
    if (kl_law_get_target(law)->unit)
        kl_text_addf(out, "%s%s in %s", intervals ? "; " : "  ",
                     kl_law_get_target(law)->name, kl_law_get_target(law)->unit);
    if (intervals || kl_law_get_target(law)->unit) kl_text_add(out, "\n");
    kl_output_warnings(out, args, warning_text, json_array_size(warnings), warnings);
}

static kl_status answer(kl_args *args, kl_text *out, const kl_points *points,
                        const kl_fit *fit, double level, kl_error *err)
{
    json_t *warnings = json_array();
    kl_status status = KL_OK;
    add_warnings(warnings, points, fit, args->far);
    if (args->format == KL_FORMAT_JSON) {
        json_t *all = kl_output_schema("predict"), *law = json_object();
        kl_json_set(law, "name", kl_json_string(kl_law_get_name(kl_fit_get_law(fit))));
        kl_json_set(law, "formula",
                    kl_json_string(kl_law_get_text(kl_fit_get_law(fit))));
        kl_json_set(all, "law", law);
        kl_json_set(all, "level", kl_json_number(level));
        kl_json_set(all, "points", kl_points_json(points, fit));
        kl_json_set(all, "warnings", json_incref(warnings));
        status = kl_output_json(out, all, err);
    } else if (args->format == KL_FORMAT_CSV) {
        kl_points_csv(out, points, fit);
    } else if (kl_output_wants_text(args)) {
        text_answer(out, args, points, fit, level, warnings);
    }
    json_decref(warnings);
    return status;
}

static kl_status run(kl_args *args, kl_text *out, kl_error *err)
{
    const char *path;
    kl_axis *axes;
    size_t n_axes;
    kl_fit *fit = NULL;
    kl_points points = {0};
    kl_predict_options opt = kl_predict_options_default();
    if (!isnan(args->level)) opt.level = args->level;
    opt.far = args->far;
    kl_status status = split_operands(&path, &axes, &n_axes, args, err);
    if (!status) {
        const char **names = kl_arena_array(&args->arena, n_axes + 1, sizeof *names);
        for (size_t i = 0; names && i < n_axes; i++) names[i] = axes[i].name;
        status = names ? kl_source_fit(&fit, path, names, n_axes, args, err)
                       : kl_fail_nomem(err);
    }
    if (!status) status = read_points(&points, axes, n_axes, fit, args, err);
    if (!status) status = kl_points_predict(&points, fit, &opt, err);
    if (!status) {
        const double level =
            isnan(args->level) ? kl_fit_get_summary(fit).level : args->level;
        status = answer(args, out, &points, fit, level, err);
    }
    kl_points_free(&points);
    kl_fit_free(fit);
    return status;
}

static const kl_option own_options[] = {
    {.name = "points",
     .letter = 'p',
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(points),
     .argument = "TABLE",
     .about = "predict at the rows of a table, compare if it has the target"},
    {.name = "far",
     .kind = KL_OPTION_NUMBER,
     .field = KL_FIELD(far),
     .argument = "DECADES",
     .hi = 300,
     .about = "distance beyond the data that calls for a warning"},
};
static const kl_option_group own_group = {"Points", own_options,
                                          KL_COUNT_OF(own_options)};

static const kl_example examples[] = {
    {"kleiber predict fit.json N=70B D=1.4T", "one point"},
    {"kleiber predict fit.json N=1B,7B,70B D=1T,2T --csv",
     "the grid of all six, as CSV"},
    {"kleiber predict fit.json --points larger.csv",
     "the rows of a table, against its loss"},
    {"kleiber predict --law chinchilla@besiroglu2024 N=70B D=1.4T", "a published fit"},
};

const kl_verb kl_verb_predict = {
    .name = "predict",
    .summary = "predict from a fit, or from a published one",
    .usage = "[FIT.json] [NAME=VALUE...]",
    .max_operands = SIZE_MAX,
    .options = {&own_group, &kl_group_level, &kl_group_law, &kl_group_fix,
                &kl_group_table, &kl_group_format, &kl_group_output, &kl_group_general},
    .run = run,
    .reads_stdin = true,
    .examples = examples,
    .n_examples = KL_COUNT_OF(examples),
    .about = "Each point gets the law's value at the fitted parameters, an interval "
             "from the "
             "parameters' uncertainty (the bootstrap draws), a wider one for the "
             "outcome of a "
             "single run, and its distance beyond the data in decades.\n\nSeveral "
             "values of a "
             "name, as in N=1B,7B, span a grid. With --points the table is read with "
             "the same "
             "options as by kleiber fit.",
};
