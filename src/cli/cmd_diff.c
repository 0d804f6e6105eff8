/*
 * cmd_diff.c - kleiber diff: two fits, parameter by parameter.
 *
 * A difference is also given in units of its standard error sqrt(se_a^2 + se_b^2), as
 * if the fits were independent.
 */
#include "cli/cli_output.h"
#include "cli/cli_source.h"
#include "cli/cli_verbs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct pair {
    const char *name;
    const kl_fit_parameter *a, *b; /* NULL where that fit has no such parameter */
    double difference;             /* b - a */
    double in_se;
    bool overlap_known, overlap;
} pair;

static const kl_fit_parameter *find_parameter(const kl_fit *fit, const char *name)
{
    for (size_t i = 0; i < kl_fit_get_n_parameters(fit); i++)
        if (!strcmp(kl_fit_get_parameter(fit, i)->name, name))
            return kl_fit_get_parameter(fit, i);
    return NULL;
}

static bool has_interval(const kl_fit_parameter *p)
{
    return !isnan(p->ci_lo) && !isnan(p->ci_hi);
}

static pair make_pair(const kl_fit_parameter *a, const kl_fit_parameter *b)
{
    pair p = {
        .name = a ? a->name : b->name, .a = a, .b = b, .difference = NAN, .in_se = NAN};
    if (!a || !b) return p;
    p.difference = b->value - a->value;
    p.in_se = p.difference / hypot(a->se, b->se);
    if (!isfinite(p.in_se)) p.in_se = NAN;
    p.overlap_known = has_interval(a) && has_interval(b);
    p.overlap = p.overlap_known && a->ci_lo <= b->ci_hi && b->ci_lo <= a->ci_hi;
    return p;
}

/* All parameters of a, then those of b alone. @return their number */
static size_t make_pairs(pair *pairs, const kl_fit *a, const kl_fit *b)
{
    size_t n = 0;
    for (size_t i = 0; i < kl_fit_get_n_parameters(a); i++) {
        const kl_fit_parameter *p = kl_fit_get_parameter(a, i);
        pairs[n++] = make_pair(p, find_parameter(b, p->name));
    }
    for (size_t i = 0; i < kl_fit_get_n_parameters(b); i++) {
        const kl_fit_parameter *p = kl_fit_get_parameter(b, i);
        if (!find_parameter(a, p->name)) pairs[n++] = make_pair(NULL, p);
    }
    return n;
}

/* Equal to a relative tolerance; two that are not known are equal. */
static bool near(double a, double b, double tolerance)
{
    if (isnan(a) && isnan(b)) return true;
    return a == b || fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b));
}

static bool same(const pair *pairs, size_t n, const kl_fit *a, const kl_fit *b,
                 double tolerance)
{
    const kl_fit_summary sa = kl_fit_get_summary(a), sb = kl_fit_get_summary(b);
    for (size_t i = 0; i < n; i++)
        if (!pairs[i].a || !pairs[i].b ||
            !near(pairs[i].a->value, pairs[i].b->value, tolerance))
            return false;
    return near(sa.value, sb.value, tolerance) && sa.objective == sb.objective &&
           sa.n_rows == sb.n_rows &&
           !strcmp(kl_law_get_text(kl_fit_get_law(a)),
                   kl_law_get_text(kl_fit_get_law(b))) &&
           !strcmp(kl_fit_get_source(a).sha256, kl_fit_get_source(b).sha256);
}

static void text_of_side(kl_grid *grid, const char *what, const char *a, const char *b)
{
    kl_grid_add(grid, "%s", what);
    kl_grid_add(grid, "%s", *a ? a : "-");
    kl_grid_add(grid, "%s", *b ? b : "-");
    kl_grid_add(grid, "%s", strcmp(a, b) ? "differs" : "");
    kl_grid_end_row(grid);
}

static void text_of_sides(kl_text *out, const kl_fit *a, const kl_fit *b)
{
    const kl_fit_summary sa = kl_fit_get_summary(a), sb = kl_fit_get_summary(b);
    const kl_fit_source ia = kl_fit_get_source(a), ib = kl_fit_get_source(b);
    char va[48], vb[48];
    kl_grid grid = {0};
    text_of_side(&grid, "law", kl_law_get_text(kl_fit_get_law(a)),
                 kl_law_get_text(kl_fit_get_law(b)));
    text_of_side(&grid, "table", ia.path, ib.path);
    snprintf(va, sizeof va, "%.12s", ia.sha256);
    snprintf(vb, sizeof vb, "%.12s", ib.sha256);
    text_of_side(&grid, "sha256", va, vb);
    snprintf(va, sizeof va, "%zu", sa.n_rows);
    snprintf(vb, sizeof vb, "%zu", sb.n_rows);
    text_of_side(&grid, "rows", va, vb);
    text_of_side(&grid, "objective", kl_objective_text(sa.objective),
                 kl_objective_text(sb.objective));
    snprintf(va, sizeof va, "%.8g", sa.value);
    snprintf(vb, sizeof vb, "%.8g", sb.value);
    text_of_side(&grid, "value", isnan(sa.value) ? "" : va, isnan(sb.value) ? "" : vb);
    kl_grid_print(out, &grid, 2);
}

static void text_of_pairs(kl_text *out, const pair *pairs, size_t n)
{
    kl_grid grid = {.right = {false, true, true, true, true}};
    kl_grid_add(&grid, "name");
    kl_grid_add(&grid, "first");
    kl_grid_add(&grid, "second");
    kl_grid_add(&grid, "difference");
    kl_grid_add(&grid, "in se");
    kl_grid_add(&grid, "intervals");
    kl_grid_end_row(&grid);
    for (size_t i = 0; i < n; i++) {
        const pair *p = &pairs[i];
        const double u = p->a && p->b ? hypot(p->a->se, p->b->se) : NAN;
        char a[48], b[48], d[48];
        kl_grid_add(&grid, "%s", p->name);
        kl_grid_add(&grid, "%s", p->a ? kl_round_to(a, p->a->value, u) : "-");
        kl_grid_add(&grid, "%s", p->b ? kl_round_to(b, p->b->value, u) : "-");
        kl_grid_add(&grid, "%s", kl_round_to(d, p->difference, u));
        if (isnan(p->in_se))
            kl_grid_add(&grid, "-");
        else
            kl_grid_add(&grid, "%.2f", p->in_se);
        kl_grid_add(&grid, "%s",
                    !p->overlap_known ? "-"
                    : p->overlap      ? "overlap"
                                      : "apart");
        kl_grid_end_row(&grid);
    }
    kl_grid_print(out, &grid, 2);
}

static json_t *json_of_side(const kl_fit *fit)
{
    const kl_fit_summary s = kl_fit_get_summary(fit);
    const kl_fit_source from = kl_fit_get_source(fit);
    json_t *side = json_object();
    kl_json_set(side, "law", kl_json_string(kl_law_get_text(kl_fit_get_law(fit))));
    kl_json_set(side, "path", kl_json_string(from.path));
    kl_json_set(side, "sha256", kl_json_string(from.sha256));
    kl_json_set(side, "rows", kl_output_count(s.n_rows));
    kl_json_set(side, "objective", kl_json_string(kl_objective_text(s.objective)));
    kl_json_set(side, "value", kl_json_number(s.value));
    return side;
}

static json_t *json_of_pairs(const pair *pairs, size_t n)
{
    json_t *all = json_object();
    for (size_t i = 0; i < n; i++) {
        const pair *p = &pairs[i];
        json_t *one = json_object();
        kl_json_set(one, "first", p->a ? kl_json_number(p->a->value) : json_null());
        kl_json_set(one, "second", p->b ? kl_json_number(p->b->value) : json_null());
        kl_json_set(one, "difference", kl_json_number(p->difference));
        kl_json_set(one, "in_se", kl_json_number(p->in_se));
        kl_json_set(one, "overlap",
                    p->overlap_known ? json_boolean(p->overlap) : json_null());
        kl_json_set(all, p->name, one);
    }
    return all;
}

static kl_status json_of_diff(kl_text *out, const pair *pairs, size_t n,
                              const kl_fit *a, const kl_fit *b, bool is_same,
                              kl_error *err)
{
    json_t *all = kl_output_schema("diff");
    kl_json_set(all, "same", json_boolean(is_same));
    kl_json_set(all, "first", json_of_side(a));
    kl_json_set(all, "second", json_of_side(b));
    kl_json_set(all, "parameters", json_of_pairs(pairs, n));
    return kl_output_json(out, all, err);
}

static void csv_of_pairs(kl_text *out, const pair *pairs, size_t n)
{
    kl_text_add(out, "name,first,second,difference,in_se,overlap\n");
    for (size_t i = 0; i < n; i++) {
        const pair *p = &pairs[i];
        kl_csv_add(out, p->name);
        kl_csv_number(out, p->a ? p->a->value : NAN);
        kl_csv_number(out, p->b ? p->b->value : NAN);
        kl_csv_number(out, p->difference);
        kl_csv_number(out, p->in_se);
        kl_csv_number(out, p->overlap_known ? (double)p->overlap : NAN);
        kl_csv_end(out);
    }
}

static kl_status answer(kl_args *args, kl_text *out, const kl_fit *a, const kl_fit *b,
                        kl_error *err)
{
    const size_t room = kl_fit_get_n_parameters(a) + kl_fit_get_n_parameters(b);
    pair *pairs = kl_arena_array(&args->arena, room + 1, sizeof *pairs);
    if (!pairs) return kl_fail_nomem(err);
    const size_t n = make_pairs(pairs, a, b);
    const bool is_same = same(pairs, n, a, b, args->tolerance);
    kl_status status = KL_OK;
    if (args->format == KL_FORMAT_JSON) {
        status = json_of_diff(out, pairs, n, a, b, is_same, err);
    } else if (args->format == KL_FORMAT_CSV) {
        csv_of_pairs(out, pairs, n);
    } else if (kl_output_wants_text(args)) {
        kl_output_heading(out, args,
                          is_same ? "The fits are the same" : "The fits differ");
        text_of_sides(out, a, b);
        kl_output_heading(out, args, "Parameters");
        text_of_pairs(out, pairs, n);
    }
    return status ? status : is_same ? KL_OK : KL_E_NO;
}

static kl_status run(kl_args *args, kl_text *out, kl_error *err)
{
    kl_fit *a = NULL, *b = NULL;
    kl_status status = kl_source_fit(&a, args->operands.items[0], NULL, 0, args, err);
    if (!status)
        status = kl_source_fit(&b, args->operands.items[1], NULL, 0, args, err);
    if (!status) status = answer(args, out, a, b, err);
    kl_fit_free(a);
    kl_fit_free(b);
    return status;
}

static const kl_option own_options[] = {
    {.name = "tolerance",
     .kind = KL_OPTION_NUMBER,
     .field = KL_FIELD(tolerance),
     .argument = "X",
     .hi = 1,
     .about = "relative difference that still counts as equal"},
};
static const kl_option_group own_group = {"Comparison", own_options,
                                          KL_COUNT_OF(own_options)};

static const kl_example examples[] = {
    {"kleiber diff a.json b.json", "what differs between two fits"},
    {"kleiber diff -q a.json b.json", "only the exit status: 0 the same, 1 not"},
};

const kl_verb kl_verb_diff = {
    .name = "diff",
    .summary = "compare two fits",
    .usage = "FIT.json FIT.json",
    .min_operands = 2,
    .max_operands = 2,
    .options = {&own_group, &kl_group_format, &kl_group_output, &kl_group_general},
    .run = run,
    .examples = examples,
    .n_examples = KL_COUNT_OF(examples),
    .about =
        "The fits are the same if law, table, objective, its value and all parameters "
        "are; then the exit status is 0, else 1. Differences are also given in units "
        "of "
        "their standard error, as if the two fits were independent of each other.",
};
