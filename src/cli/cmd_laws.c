/* cmd_laws.c - kleiber laws: the library of laws, or one law in full. */
#include "cli/cli_help.h"
#include "cli/cli_output.h"
#include "cli/cli_verbs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *scale_text(kl_scale scale)
{
    return scale == KL_SCALE_LOG ? "log" : "linear";
}

static const char *residual_text(kl_residual residual)
{
    return residual == KL_RESIDUAL_LINEAR ? "linear" : "log";
}

static json_t *json_of_inputs(const kl_law *law)
{
    json_t *inputs = json_object();
    for (size_t i = 0; i < kl_law_get_n_inputs(law); i++) {
        const kl_law_input *input = kl_law_get_input(law, i);
        json_t *one = json_object();
        kl_json_set(one, "unit", kl_json_string(input->unit));
        kl_json_set(one, "about", kl_json_string(input->about));
        kl_json_set(inputs, input->name, one);
    }
    return inputs;
}

static json_t *json_of_parameters(const kl_law *law)
{
    json_t *parameters = json_object();
    for (size_t i = 0; i < kl_law_get_n_parameters(law); i++) {
        const kl_law_parameter *p = kl_law_get_parameter(law, i);
        json_t *one = json_object();
        kl_json_set(one, "index", kl_json_string(p->index));
        kl_json_set(one, "unit", kl_json_string(p->unit));
        kl_json_set(one, "about", kl_json_string(p->about));
        kl_json_set(one, "range", kl_json_interval(p->lo, p->hi));
        kl_json_set(one, "scale", kl_json_string(scale_text(p->scale)));
        kl_json_set(one, "start", kl_json_interval(p->start_lo, p->start_hi));
        kl_json_set(parameters, p->name, one);
    }
    return parameters;
}

static json_t *json_of_published(const kl_law *law)
{
    json_t *published = json_array();
    for (size_t i = 0; i < kl_law_get_n_published(law); i++) {
        const kl_law_published *fit = kl_law_get_published(law, i);
        json_t *one = json_object(), *values = json_object();
        kl_json_set(one, "source", kl_json_string(fit->source));
        kl_json_set(one, "label", kl_json_string(fit->label));
        kl_json_set(one, "data", kl_json_string(fit->data));
        kl_json_set(one, "note", kl_json_string(fit->note));
        for (size_t k = 0; k < kl_law_get_n_parameters(law); k++)
            kl_json_set(values, kl_law_get_parameter(law, k)->name,
                        kl_json_number(fit->values[k]));
        kl_json_set(one, "values", values);
        kl_json_append(published, one);
    }
    return published;
}

static json_t *json_of_law(const kl_law *law)
{
    json_t *one = json_object(), *target = json_object();
    kl_json_set(one, "name", kl_json_string(kl_law_get_name(law)));
    kl_json_set(one, "title", kl_json_string(kl_law_get_title(law)));
    kl_json_set(one, "formula", kl_json_string(kl_law_get_text(law)));
    kl_json_set(one, "about", kl_json_string(kl_law_get_about(law)));
    kl_json_set(target, "name", kl_json_string(kl_law_get_target(law)->name));
    kl_json_set(target, "unit", kl_json_string(kl_law_get_target(law)->unit));
    kl_json_set(one, "target", target);
    kl_json_set(one, "residual",
                kl_json_string(residual_text(kl_law_get_residual(law))));
    kl_json_set(one, "cost", kl_json_string(kl_law_get_cost(law)));
    kl_json_set(one, "reference", kl_json_string(kl_law_get_reference(law)));
    kl_json_set(one, "inputs", json_of_inputs(law));
    kl_json_set(one, "parameters", json_of_parameters(law));
    kl_json_set(one, "published", json_of_published(law));
    return one;
}

static void text_of_parameters(kl_text *out, const kl_law *law)
{
    kl_grid grid = {0};
    for (size_t i = 0; i < kl_law_get_n_parameters(law); i++) {
        const kl_law_parameter *p = kl_law_get_parameter(law, i);
        char lo[48], hi[48], from[48], to[48];
        kl_grid_add(&grid, "%s", p->name);
        kl_grid_add(&grid, "%s to %s", kl_round_to(lo, p->lo, NAN),
                    kl_round_to(hi, p->hi, NAN));
        kl_grid_add(&grid, "%s", scale_text(p->scale));
        kl_grid_add(&grid, "starts %s to %s", kl_round_to(from, p->start_lo, NAN),
                    kl_round_to(to, p->start_hi, NAN));
        kl_grid_add(&grid, "%s", p->about ? p->about : "");
        kl_grid_end_row(&grid);
    }
    kl_grid_print(out, &grid, 2);
}

static void text_of_published(kl_text *out, const kl_law *law)
{
    for (size_t i = 0; i < kl_law_get_n_published(law); i++) {
        const kl_law_published *fit = kl_law_get_published(law, i);
        kl_text_addf(out, "  %s@%s%s%s", kl_law_get_name(law), fit->source,
                     fit->label ? ":" : "", fit->label ? fit->label : "");
        if (fit->data) kl_text_addf(out, " (%s)", fit->data);
        kl_text_add(out, "\n   ");
        for (size_t k = 0; k < kl_law_get_n_parameters(law); k++) {
            if (isnan(fit->values[k])) continue;
            kl_text_addf(out, " %s=%.6g", kl_law_get_parameter(law, k)->name,
                         fit->values[k]);
        }
        kl_text_add(out, "\n");
        if (!fit->note) continue;
        kl_text_add(out, "    ");
        kl_help_wrapped(out, fit->note, 4);
    }
}

static void text_of_law(kl_text *out, const kl_args *args, const kl_law *law)
{
    const kl_law_input *target = kl_law_get_target(law);
    kl_grid grid = {0};
    kl_output_heading(out, args, kl_law_get_name(law));
    if (*kl_law_get_title(law)) kl_text_addf(out, "  %s\n", kl_law_get_title(law));
    kl_text_addf(out, "  %s = %s\n", target->name, kl_law_get_text(law));
    if (*kl_law_get_about(law)) {
        kl_text_add(out, "  ");
        kl_help_wrapped(out, kl_law_get_about(law), 2);
    }
    if (kl_law_get_n_inputs(law)) kl_output_heading(out, args, "Inputs");
    for (size_t i = 0; i < kl_law_get_n_inputs(law); i++) {
        const kl_law_input *input = kl_law_get_input(law, i);
        kl_grid_add(&grid, "%s", input->name);
        kl_grid_add(&grid, "%s", input->unit ? input->unit : "");
        kl_grid_add(&grid, "%s", input->about ? input->about : "");
        kl_grid_end_row(&grid);
    }
    kl_grid_print(out, &grid, 2);
    if (kl_law_get_n_parameters(law)) kl_output_heading(out, args, "Parameters");
    text_of_parameters(out, law);
    if (kl_law_get_n_published(law)) kl_output_heading(out, args, "Published fits");
    text_of_published(out, law);
    kl_output_heading(out, args, "Conventions");
    kl_text_addf(out, "  residuals on the %s scale; target in %s\n",
                 residual_text(kl_law_get_residual(law)),
                 target->unit ? target->unit : "any unit");
    if (*kl_law_get_cost(law))
        kl_text_addf(out, "  cost in FLOPs: %s\n", kl_law_get_cost(law));
    if (*kl_law_get_reference(law))
        kl_text_addf(out, "  reference: %s ('kleiber cite %s')\n",
                     kl_law_get_reference(law), kl_law_get_name(law));
}

/* One line a law, or one object. */
static kl_status list_laws(kl_args *args, kl_text *out, kl_error *err)
{
    kl_grid grid = {0};
    json_t *laws = json_array();
    kl_status status = KL_OK;
    if (args->format == KL_FORMAT_CSV)
        kl_text_add(out, "name,title,formula,reference\n");
    for (size_t i = 0; i < kl_law_library_get_n() && !status; i++) {
        kl_law *law = NULL;
        status = kl_law_open(&law, kl_law_library_get_name(i), err);
        if (status) break;
        if (args->format == KL_FORMAT_JSON) {
            kl_json_append(laws, json_of_law(law));
        } else if (args->format == KL_FORMAT_CSV) {
            kl_csv_add(out, kl_law_get_name(law));
            kl_csv_add(out, kl_law_get_title(law));
            kl_csv_add(out, kl_law_get_text(law));
            kl_csv_add(out, kl_law_get_reference(law));
            kl_csv_end(out);
        } else {
            kl_grid_add(&grid, "%s", kl_law_get_name(law));
            kl_grid_add(&grid, "%s", kl_law_get_title(law));
            kl_grid_end_row(&grid);
        }
        kl_law_free(law);
    }
    if (args->format == KL_FORMAT_JSON && !status) {
        json_t *all = kl_output_schema("laws");
        kl_json_set(all, "laws", json_incref(laws));
        status = kl_output_json(out, all, err);
    }
    json_decref(laws);
    if (kl_output_wants_text(args))
        kl_grid_print(out, &grid, 0);
    else
        kl_text_free(&grid.cells);
    return status;
}

static kl_status run(kl_args *args, kl_text *out, kl_error *err)
{
    if (!args->operands.n) {
        if (args->yaml)
            return kl_fail(err, KL_E_USAGE, "--yaml needs the name of a built-in law");
        return list_laws(args, out, err);
    }
    const char *spec = args->operands.items[0];
    kl_law *law = NULL;
    kl_status status = kl_law_open(&law, spec, err);
    if (status) return status;
    const char *yaml = kl_law_library_get_yaml(kl_law_get_name(law));
    if (args->yaml && !yaml) {
        status = kl_fail(err, KL_E_USAGE, "--yaml: '%s' is not a built-in law", spec);
    } else if (args->yaml) {
        kl_text_add(out, yaml);
    } else if (args->format == KL_FORMAT_JSON) {
        json_t *all = kl_output_schema("laws"), *laws = json_array();
        kl_json_append(laws, json_of_law(law));
        kl_json_set(all, "laws", laws);
        status = kl_output_json(out, all, err);
    } else if (args->format == KL_FORMAT_CSV) {
        status = kl_fail(err, KL_E_USAGE, "--csv lists all laws; for one use --json");
    } else if (kl_output_wants_text(args)) {
        text_of_law(out, args, law);
    }
    kl_law_free(law);
    return status;
}

static const kl_option own_options[] = {
    {.name = "yaml",
     .kind = KL_OPTION_FLAG,
     .field = KL_FIELD(yaml),
     .about = "print the law's file, to start a law of your own from"},
};
static const kl_option_group own_group = {"Law", own_options, KL_COUNT_OF(own_options)};

static const kl_example examples[] = {
    {"kleiber laws", "all built-in laws, one a line"},
    {"kleiber laws chinchilla", "its formula, inputs, parameters and published fits"},
    {"kleiber laws chinchilla --yaml > my.yaml", "a law file to edit"},
};

const kl_verb kl_verb_laws = {
    .name = "laws",
    .summary = "list the built-in laws, or show one",
    .usage = "[LAW]",
    .max_operands = 1,
    .options = {&own_group, &kl_group_format, &kl_group_output, &kl_group_general},
    .run = run,
    .examples = examples,
    .n_examples = KL_COUNT_OF(examples),
    .about = "A law is a formula with inputs, parameters, their ranges and units, a "
             "reference and published fits. Without an argument the built-in laws are "
             "listed.\n\nLAW is the name of a built-in law, a YAML file or a formula.",
};
