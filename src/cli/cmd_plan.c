/* cmd_plan.c - kleiber plan: best use of a budget, or the cheapest way to a goal. */
#include "cli/cli_output.h"
#include "cli/cli_plan.h"
#include "cli/cli_source.h"
#include "cli/cli_verbs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_number(kl_grid *grid, const char *name, kl_plan_number number)
{
    const double u = kl_half_width(number.ci_lo, number.ci_hi);
    char buf[112];
    kl_grid_add(grid, "%s", name);
    kl_grid_add(grid, "%s", kl_round_to(buf, number.value, u));
    kl_grid_add(grid, "%s", kl_round_interval(buf, number.ci_lo, number.ci_hi, u));
}

/* True if the minimised formula is more than a number shown already. */
static bool value_is_new(const kl_plan *plan, const kl_law *law)
{
    const char *name = kl_plan_get_value(plan).name;
    for (size_t i = 0; i < kl_plan_get_n_variables(plan); i++)
        if (!strcmp(name, kl_plan_get_variable(plan, i).name)) return false;
    return strcmp(name, kl_law_get_target(law)->name) != 0;
}

static const char *unit_of_input(const kl_law *law, const char *name)
{
    for (size_t i = 0; i < kl_law_get_n_inputs(law); i++)
        if (!strcmp(kl_law_get_input(law, i)->name, name))
            return kl_law_get_input(law, i)->unit;
    return NULL;
}

static void text_of_numbers(kl_text *out, const kl_plan *plan, const kl_law *law)
{
    const kl_law_input *target = kl_law_get_target(law);
    kl_grid grid = {0};
    for (size_t i = 0; i < kl_plan_get_n_variables(plan); i++) {
        const kl_plan_number v = kl_plan_get_variable(plan, i);
        const char *unit = unit_of_input(law, v.name);
        add_number(&grid, v.name, v);
        kl_grid_add(&grid, "%s", unit ? unit : "");
        kl_grid_end_row(&grid);
    }
    const kl_plan_number ratio = kl_plan_get_ratio(plan),
                         value = kl_plan_get_value(plan);
    if (!isnan(ratio.value)) {
        add_number(&grid, ratio.name, ratio);
        kl_grid_end_row(&grid);
    }
    add_number(&grid, target->name, kl_plan_get_target(plan));
    kl_grid_add(&grid, "%s", target->unit ? target->unit : "");
    kl_grid_end_row(&grid);
    if (value_is_new(plan, law)) {
        add_number(&grid, value.name, value);
        kl_grid_end_row(&grid);
    }
    kl_grid_print(out, &grid, 2);
}

static const double visible_violation = 1e-6; /* less is rounding */

static void text_of_constraints(kl_text *out, const kl_plan *plan)
{
    kl_grid grid = {0};
    for (size_t i = 0; i < kl_plan_get_n_constraints(plan); i++) {
        const kl_plan_constraint c = kl_plan_get_constraint(plan, i);
        kl_grid_add(&grid, "%s", c.text);
        if (!(c.slack >= -visible_violation))
            kl_grid_add(&grid, "violated by %.3g%%", -100 * c.slack);
        else if (c.active && kl_plan_get_outcome(plan) == KL_PLAN_OPTIMAL)
            kl_grid_add(&grid, "active; %+.3g%% for 1%% more", c.multiplier);
        else if (c.active)
            kl_grid_add(&grid, "active");
        else
            kl_grid_add(&grid, "%.3g%% to spare", 100 * c.slack);
        kl_grid_end_row(&grid);
    }
    kl_grid_print(out, &grid, 2);
}

/* What the inputs count, since plans are read by others than their makers. */
static void text_of_conventions(kl_text *out, const kl_args *args, const kl_law *law)
{
    bool any = false;
    for (size_t i = 0; i < kl_law_get_n_inputs(law); i++) {
        const kl_law_input *input = kl_law_get_input(law, i);
        if (!input->about) continue;
        if (!any) kl_output_heading(out, args, "Conventions");
        any = true;
        kl_text_addf(out, "  %s: %s\n", input->name, input->about);
    }
}

static const char *warning_text(const void *object, size_t i)
{
    return kl_plan_get_warning(object, i);
}

static void text_answer(kl_text *out, const kl_args *args, const kl_plan *plan,
                        const kl_fit *fit)
{
    const kl_law *law = kl_fit_get_law(fit);
    const double level =
        isnan(args->level) ? kl_fit_get_summary(fit).level : args->level;
    const bool intervals = kl_plan_get_n_draws(plan) > 0;
    char title[256];
    snprintf(title, sizeof title, "Least %s: %s", kl_plan_get_value(plan).name,
             kl_plan_outcome_text(kl_plan_get_outcome(plan)));
    kl_output_heading(out, args, title);
    kl_text_addf(out, "  %s = %s\n", kl_law_get_target(law)->name,
                 kl_law_get_text(law));
    text_of_numbers(out, plan, law);
    if (intervals) {
        kl_text_addf(out, "  %g%% intervals from %zu bootstrap draws", 100 * level,
                     kl_plan_get_n_draws(plan));
        if (kl_plan_get_n_draws_failed(plan))
            kl_text_addf(out, ", %zu without an optimum",
                         kl_plan_get_n_draws_failed(plan));
        kl_text_add(out, "\n");
    }
    if (kl_plan_get_n_constraints(plan)) kl_output_heading(out, args, "Constraints");
    text_of_constraints(out, plan);
    text_of_conventions(out, args, law);
    kl_output_warnings(out, args, warning_text, kl_plan_get_n_warnings(plan), plan);
}

static void csv_line(kl_text *out, const char *name, kl_plan_number number)
{
    kl_csv_add(out, name);
    kl_csv_number(out, number.value);
    kl_csv_number(out, number.ci_lo);
    kl_csv_number(out, number.ci_hi);
    kl_csv_end(out);
}

static void csv_answer(kl_text *out, const kl_plan *plan, const kl_law *law)
{
    kl_text_add(out, "name,value,ci_lo,ci_hi\n");
    for (size_t i = 0; i < kl_plan_get_n_variables(plan); i++)
        csv_line(out, kl_plan_get_variable(plan, i).name,
                 kl_plan_get_variable(plan, i));
    if (!isnan(kl_plan_get_ratio(plan).value))
        csv_line(out, kl_plan_get_ratio(plan).name, kl_plan_get_ratio(plan));
    csv_line(out, kl_law_get_target(law)->name, kl_plan_get_target(plan));
    if (value_is_new(plan, law))
        csv_line(out, kl_plan_get_value(plan).name, kl_plan_get_value(plan));
}

static kl_status answer(kl_args *args, kl_text *out, const kl_plan *plan,
                        const kl_fit *fit, kl_error *err)
{
    kl_status status = KL_OK;
    if (args->format == KL_FORMAT_JSON) {
        char *json = NULL;
        status = kl_plan_to_json(&json, plan, err);
        if (!status) kl_text_add(out, json);
        free(json);
    } else if (args->format == KL_FORMAT_CSV) {
        csv_answer(out, plan, kl_fit_get_law(fit));
    } else if (kl_output_wants_text(args)) {
        text_answer(out, args, plan, fit);
    }
    if (!status && kl_plan_get_outcome(plan) != KL_PLAN_OPTIMAL)
        return kl_fail(err, KL_E_NO, "no plan found (outcome: %s)",
                       kl_plan_outcome_text(kl_plan_get_outcome(plan)));
    return status;
}

static kl_status run(kl_args *args, kl_text *out, kl_error *err)
{
    kl_fit *fit = NULL;
    kl_plan *plan = NULL;
    const char **names;
    size_t n_names;
    const char *path = args->operands.n ? args->operands.items[0] : NULL;
    kl_status status = kl_plan_names(&names, &n_names, args, err);
    if (!status && !kl_plan_is_wanted(args))
        status = kl_fail(err, KL_E_USAGE,
                         "nothing to plan: give --budget FLOPS, or "
                         "--subject 'F <= G' with --over NAMES");
    if (!status) status = kl_source_fit(&fit, path, names, n_names, args, err);
    if (!status) status = kl_plan_from_args(&plan, fit, args, err);
    if (!status) status = answer(args, out, plan, fit, err);
    kl_plan_free(plan);
    kl_fit_free(fit);
    return status;
}

static const kl_example examples[] = {
    {"kleiber plan fit.json --budget 1e24", "model and data for 1e24 FLOP"},
    {"kleiber plan --law chinchilla@besiroglu2024 --budget 5.88e23",
     "from a published fit"},
    {"kleiber plan fit.json --minimise '6*N*D' --subject 'loss <= 2' --over N,D",
     "the cheapest way to a loss"},
    {"kleiber plan fit.json --minimise '6*N*D + 2*N*Dinf' --subject 'loss <= 2' --over "
     "N,D "
     "--set Dinf=5T",
     "a smaller model, trained longer, because it will be used"},
};

const kl_verb kl_verb_plan = {
    .name = "plan",
    .summary = "find the best use of a budget, or the cheapest way to a goal",
    .usage = "[FIT.json]",
    .max_operands = 1,
    .options = {&kl_group_plan, &kl_group_level, &kl_group_law, &kl_group_fix,
                &kl_group_format, &kl_group_output, &kl_group_long_work,
                &kl_group_general},
    .run = run,
    .reads_stdin = true,
    .examples = examples,
    .n_examples = KL_COUNT_OF(examples),
    .about =
        "A plan makes one formula small, subject to others, over chosen variables. In "
        "every "
        "formula the law's parameters have their fitted values and the law's target "
        "(loss) "
        "stands for the law; names that are neither need a value from --set.\n\n"
        "Intervals come from planning again for each bootstrap draw of the fit. If the "
        "constraints cannot be met, or no optimum exists within the bounds, the exit "
        "status "
        "is 1.",
};
