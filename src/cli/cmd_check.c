/* cmd_check.c - kleiber check: is a table fit to be fitted? */
#include "cli/cli_check.h"
#include "cli/cli_output.h"
#include "cli/cli_source.h"
#include "cli/cli_verbs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const verdict_texts[] = {"no", "weakly", "yes"};

static const char *role(const kl_check_column *c)
{
    return c->is_target ? "target" : c->is_input ? "input" : "";
}

static void text_of_columns(kl_text *out, const kl_check *check)
{
    kl_grid grid = {0};
    char lo[48], hi[48];
    for (size_t i = 0; i < check->n_columns; i++) {
        const kl_check_column *c = &check->columns[i];
        kl_grid_add(&grid, "%s", c->name);
        kl_grid_add(&grid, "%s", role(c));
        if (c->is_number)
            kl_grid_add(&grid, "%s to %s", kl_round_to(lo, c->min, NAN),
                        kl_round_to(hi, c->max, NAN));
        else
            kl_grid_add(&grid, "%zu categories", c->distinct);
        if (isnan(c->decades))
            kl_grid_add(&grid, "%s", "");
        else
            kl_grid_add(&grid, "%.1f decades", c->decades);
        if (c->missing)
            kl_grid_add(&grid, "%zu missing", c->missing);
        else
            kl_grid_add(&grid, "%s", "");
        kl_grid_add(&grid, "%s", c->unit ? c->unit : "");
        kl_grid_end_row(&grid);
    }
    kl_grid_print(out, &grid, 2);
}

static void text_of_laws(kl_text *out, const kl_check *check)
{
    kl_grid grid = {0};
    for (size_t i = 0; i < check->n_laws; i++) {
        const kl_check_law *l = &check->laws[i];
        kl_grid_add(&grid, "%s", l->name);
        kl_grid_add(&grid, "%s", verdict_texts[l->verdict]);
        kl_grid_add(&grid, "%s", l->why);
        kl_grid_end_row(&grid);
    }
    kl_grid_print(out, &grid, 2);
}

static void text_answer(kl_text *out, const kl_args *args, const kl_check *check)
{
    const kl_table_counts counts = kl_table_get_counts(check->table);
    char title[320];
    snprintf(title, sizeof title, "%s: %zu rows, %zu columns",
             kl_table_get_path(check->table), kl_table_get_n_rows(check->table),
             check->n_columns);
    kl_output_heading(out, args, title);
    if (counts.status) kl_text_addf(out, "  %zu failed runs left out\n", counts.status);
    text_of_columns(out, check);
    if (check->replicate_groups)
        kl_text_addf(out, "  replicates: %zu rows in %zu group%s, sd of %s%s %.2g\n",
                     check->replicate_rows, check->replicate_groups,
                     check->replicate_groups == 1 ? "" : "s",
                     check->linear ? "" : "ln ", check->target, check->replicate_sd);
    else
        kl_text_add(out, "  replicates: none\n");
    kl_output_heading(out, args, "Laws it can tell the parameters of");
    text_of_laws(out, check);
    kl_output_heading(out, args, check->problems.n ? "Problems" : "No problems found");
    for (size_t i = 0; i < check->problems.n; i++)
        kl_text_addf(out, "  %s\n", check->problems.items[i]);
}

static json_t *json_of_columns(const kl_check *check)
{
    json_t *columns = json_array();
    for (size_t i = 0; i < check->n_columns; i++) {
        const kl_check_column *c = &check->columns[i];
        json_t *one = json_object();
        kl_json_set(one, "name", kl_json_string(c->name));
        kl_json_set(one, "kind", kl_json_string(c->is_number ? "number" : "category"));
        kl_json_set(one, "role", *role(c) ? kl_json_string(role(c)) : json_null());
        kl_json_set(one, "unit", kl_json_string(c->unit));
        kl_json_set(one, "missing", kl_output_count(c->missing));
        kl_json_set(one, "distinct", kl_output_count(c->distinct));
        kl_json_set(one, "range", kl_json_interval(c->min, c->max));
        kl_json_set(one, "decades", kl_json_number(c->decades));
        kl_json_append(columns, one);
    }
    return columns;
}

static json_t *json_of_rows(const kl_check *check)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < check->n_outliers; i++) {
        const kl_check_outlier *o = &check->outliers[i];
        json_t *one = json_object();
        kl_json_set(one, "line", kl_output_count(o->line));
        kl_json_set(one, "target", kl_json_number(o->target));
        kl_json_set(one, "z", kl_json_number(o->z));
        kl_json_append(rows, one);
    }
    return rows;
}

static json_t *json_of_pairs(const kl_check *check)
{
    json_t *pairs = json_array();
    for (size_t i = 0; i < check->n_pairs; i++) {
        const kl_check_pair *p = &check->pairs[i];
        json_t *one = json_object();
        kl_json_set(one, "first", kl_json_string(p->a));
        kl_json_set(one, "second", kl_json_string(p->b));
        kl_json_set(one, "correlation", kl_json_number(p->correlation));
        kl_json_set(one, "ratio", kl_json_number(p->ratio));
        kl_json_set(one, "ratio_sd", kl_json_number(p->ratio_sd));
        kl_json_append(pairs, one);
    }
    return pairs;
}

static json_t *json_of_laws(const kl_check *check)
{
    json_t *laws = json_array();
    for (size_t i = 0; i < check->n_laws; i++) {
        json_t *one = json_object();
        kl_json_set(one, "name", kl_json_string(check->laws[i].name));
        kl_json_set(one, "identified",
                    kl_json_string(verdict_texts[check->laws[i].verdict]));
        kl_json_set(one, "why", kl_json_string(check->laws[i].why));
        kl_json_append(laws, one);
    }
    return laws;
}

static kl_status json_answer(kl_text *out, const kl_check *check, kl_error *err)
{
    json_t *all = kl_output_schema("check"), *input = json_object();
    json_t *replicates = json_object(), *outliers = json_object(),
           *problems = json_array();
    kl_json_set(input, "path", kl_json_string(kl_table_get_path(check->table)));
    kl_json_set(input, "sha256", kl_json_string(kl_table_get_sha256(check->table)));
    kl_json_set(input, "rows", kl_output_count(kl_table_get_n_rows(check->table)));
    kl_json_set(all, "input", input);
    kl_json_set(all, "target", kl_json_string(check->target));
    kl_json_set(all, "columns", json_of_columns(check));
    kl_json_set(replicates, "groups", kl_output_count(check->replicate_groups));
    kl_json_set(replicates, "rows", kl_output_count(check->replicate_rows));
    kl_json_set(replicates, "sd", kl_json_number(check->replicate_sd));
    kl_json_set(all, "replicates", replicates);
    kl_json_set(all, "collinear", json_of_pairs(check));
    kl_json_set(outliers, "law", kl_json_string(check->judge));
    kl_json_set(outliers, "rows", json_of_rows(check));
    kl_json_set(all, "outliers", outliers);
    kl_json_set(all, "laws", json_of_laws(check));
    for (size_t i = 0; i < check->problems.n; i++)
        kl_json_append(problems, kl_json_string(check->problems.items[i]));
    kl_json_set(all, "problems", problems);
    return kl_output_json(out, all, err);
}

static void csv_answer(kl_text *out, const kl_check *check)
{
    kl_text_add(out, "name,kind,role,unit,missing,distinct,min,max,decades\n");
    for (size_t i = 0; i < check->n_columns; i++) {
        const kl_check_column *c = &check->columns[i];
        const double row[] = {(double)c->missing, (double)c->distinct, c->min, c->max,
                              c->decades};
        kl_csv_add(out, c->name);
        kl_csv_add(out, c->is_number ? "number" : "category");
        kl_csv_add(out, role(c));
        kl_csv_add(out, c->unit ? c->unit : "");
        for (size_t k = 0; k < KL_COUNT_OF(row); k++) kl_csv_number(out, row[k]);
        kl_csv_end(out);
    }
}

static kl_status answer(kl_args *args, kl_text *out, const kl_check *check,
                        kl_error *err)
{
    kl_status status = KL_OK;
    if (args->format == KL_FORMAT_JSON)
        status = json_answer(out, check, err);
    else if (args->format == KL_FORMAT_CSV)
        csv_answer(out, check);
    else if (kl_output_wants_text(args))
        text_answer(out, args, check);
    return status ? status : check->problems.n ? KL_E_NO : KL_OK;
}

static kl_status run(kl_args *args, kl_text *out, kl_error *err)
{
    kl_table *table = NULL;
    kl_law *law = NULL;
    kl_check check;
    kl_status status = KL_OK;
    if (args->law) status = kl_source_law(&law, NULL, args, err);
    const char *target = args->target ? args->target
                         : law        ? kl_law_get_target(law)->name
                                      : "loss";
    if (!status)
        status = kl_table_read(&table, args->operands.items[0], &args->table, err);
    if (!status && law) status = kl_source_resolve(law, table, err);
    if (!status) status = kl_source_drop_worst(table, target, args, err);
    if (!status) status = kl_check_run(&check, table, law, target, args, err);
    if (!status) status = answer(args, out, &check, err);
    kl_law_free(law);
    kl_table_free(table);
    return status;
}

static const kl_example examples[] = {
    {"kleiber check runs.csv",
     "columns, spans, replicates, and which laws it can identify"},
    {"kleiber check runs.csv --law chinchilla --map N=params,D=tokens", "for one law"},
    {"kleiber check -q runs.csv && kleiber fit runs.csv", "only the exit status"},
};

const kl_verb kl_verb_check = {
    .name = "check",
    .summary = "look at a table before any fit",
    .usage = "RUNS",
    .min_operands = 1,
    .max_operands = 1,
    .options = {&kl_group_law, &kl_group_table, &kl_group_format, &kl_group_output,
                &kl_group_general},
    .run = run,
    .reads_stdin = true,
    .examples = examples,
    .n_examples = KL_COUNT_OF(examples),
    .about =
        "Columns with their spans in decades, missing and non-positive values, "
        "replicates "
        "(rows with equal inputs) and their spread, inputs that do not vary or move "
        "together, rows far from a robust fit, and for each law whether the table can "
        "tell "
        "its parameters. Problems make the exit status 1.\n\n"
        "Inputs are the columns that the law of --law, or else any built-in law, has "
        "as "
        "inputs.",
};
