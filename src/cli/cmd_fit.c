/* cmd_fit.c - kleiber fit: a law fitted to a table of runs. */
#include "cli/cli_fit_text.h"
#include "cli/cli_hide.h"
#include "cli/cli_output.h"
#include "cli/cli_points.h"
#include "cli/cli_progress.h"
#include "cli/cli_source.h"
#include "cli/cli_verbs.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

/* The fit's options as the command line set them. */
static kl_status fit_options(kl_fit_options *opt, kl_args *args, kl_error *err)
{
    *opt = args->fit;
    opt->objective = (kl_objective)args->objective;
    opt->residual = (kl_residual)args->residual;
    opt->solver = (kl_solver_kind)args->solver;
    opt->seed = args->seed;
    if (opt->starts == KL_COUNT_WORD) {
        opt->start_kind = KL_STARTS_GRID;
        opt->starts = kl_fit_options_default().starts;
    }
    kl_fit_fixed *fixed;
    const kl_status status = kl_source_fixed(&fixed, &opt->n_fixed, args, err);
    if (status) return status;
    opt->fixed = fixed;
    opt->progress = kl_progress_step;
    return KL_OK;
}

/* Table and law as the options ask for them; rows to hide are in *hidden. */
static kl_status open_inputs(kl_table **runs, kl_table **hidden, kl_law **law,
                             const kl_args *args, kl_error *err)
{
    kl_status status = kl_source_law(law, "chinchilla", args, err);
    if (!status)
        status = kl_table_read(runs, args->operands.items[0], &args->table, err);
    if (!status) status = kl_source_resolve(*law, *runs, err);
    if (!status)
        status = kl_source_drop_worst(*runs, kl_law_get_target(*law)->name, args, err);
    if (!status) status = kl_hide_rows(hidden, *runs, *law, args, err);
    return status;
}

/* The fit's JSON, with the hidden rows as one more key. */
static kl_status json_of_fit(char **out, const kl_fit *fit, const kl_points *hidden,
                             kl_error *err)
{
    kl_status status = kl_fit_to_json(out, fit, err);
    if (status || !hidden->n) return status;
    /* not kl_json_load, which would turn the integers into reals */
    json_t *object = json_loads(*out, 0, NULL);
    free(*out);
    *out = NULL;
    if (!object) return kl_fail_nomem(err);
    kl_json_set(object, "hidden", kl_points_json(hidden, fit));
    status = kl_json_dump(out, object, err);
    json_decref(object);
    return status;
}

enum { MOST_HIDDEN = 30 }; /* lines of text */

static void text_answer(kl_text *out, const kl_args *args, const kl_fit *fit,
                        const kl_points *hidden)
{
    kl_fit_text_source(out, args, fit);
    kl_fit_text_parameters(out, args, fit);
    kl_fit_text_summary(out, args, fit);
    if (hidden->n) {
        kl_output_heading(out, args, "Hidden rows, predicted");
        kl_points_text(out, hidden, fit, MOST_HIDDEN);
    }
    kl_fit_text_warnings(out, args, fit);
}

/* Files first: who reads the answer may rely on them. */
static kl_status answer(kl_args *args, kl_text *out, const kl_fit *fit,
                        const kl_points *hidden, kl_error *err)
{
    char *json = NULL;
    const bool to_file = args->output && strcmp(args->output, "-");
    const bool json_out = args->format == KL_FORMAT_JSON || (args->output && !to_file);
    kl_status status = KL_OK;
    if (to_file || json_out) status = json_of_fit(&json, fit, hidden, err);
    if (!status && to_file)
        status = kl_output_write(args->output, json, strlen(json), err);
    if (!status && args->report)
        status = kl_report_write_html(args->report, fit, NULL, NULL, err);
    if (!status && json_out)
        kl_text_add(out, json);
    else if (!status && args->format == KL_FORMAT_CSV)
        kl_fit_text_csv(out, fit);
    else if (!status && kl_output_wants_text(args))
        text_answer(out, args, fit, hidden);
    free(json);
    if (!status && kl_fit_get_outcome(fit) != KL_FIT_CONVERGED)
        return kl_fail(err, KL_E_NO, "the fit did not converge (outcome: %s)",
                       kl_fit_outcome_text(kl_fit_get_outcome(fit)));
    return status;
}

/* Files are for the end of long work: what can't be written is said before it. */
static kl_status check_files(const kl_args *args, kl_error *err)
{
    kl_status status = KL_OK;
    if (args->report && !strcmp(args->report, "-"))
        return kl_fail(err, KL_E_USAGE, "--report needs a file name, not '-'");
    if (args->output && strcmp(args->output, "-"))
        status = kl_file_check(args->output, err);
    if (!status && args->report) status = kl_file_check(args->report, err);
    return status;
}

static kl_status run(kl_args *args, kl_text *out, kl_error *err)
{
    kl_table *runs = NULL, *hidden_rows = NULL;
    kl_law *law = NULL;
    kl_fit *fit = NULL;
    kl_points hidden = {0};
    kl_fit_options opt;
    kl_status status = fit_options(&opt, args, err);
    if (!status) status = check_files(args, err);
    if (!status) status = open_inputs(&runs, &hidden_rows, &law, args, err);
    if (!status) {
        kl_progress_begin(args);
        status = kl_fit_run(&fit, runs, law, &opt, err);
        kl_progress_end();
    }
    if (!status && hidden_rows) {
        status = kl_points_from_table(&hidden, fit, hidden_rows, err);
        if (!status) status = kl_points_predict(&hidden, fit, NULL, err);
    }
    if (!status) status = answer(args, out, fit, &hidden, err);
    kl_points_free(&hidden);
    kl_fit_free(fit);
    kl_law_free(law);
    kl_table_free(hidden_rows);
    kl_table_free(runs);
    return status;
}

/* "huber|huber-mle|...", with a '|' in front */
#define OBJECTIVE_WORD(name, text, about) "|" text
static const char objective_words[] = KL_OBJECTIVE_LIST(OBJECTIVE_WORD);
#undef OBJECTIVE_WORD

/* "; huber: sum of h_d(r); ..." for the man page */
#define OBJECTIVE_LINE(name, text, about) "; " text ": " about
static const char about_fit[] =
    "RUNS is a table of training runs: CSV, TSV, JSON lines (each may be gzipped) or "
    "SQLite; '-' reads standard input. The law is chinchilla unless --law names "
    "another."
    "\n\n"
    "The search starts from many points: parameters in which the law is linear are "
    "solved "
    "for apart (variable projection), then a trust region with exact second "
    "derivatives "
    "polishes the robust objective. How many starts reached the best optimum is part "
    "of "
    "the answer. Intervals come from a bootstrap over rows, or over whole groups with "
    "--group; profile-likelihood intervals stand beside them. Warnings say when a fit "
    "should not be believed. The result depends on the seed and never on the number of "
    "threads; 'kleiber cite' prints the papers behind it."
    "\n\n"
    "Objectives, with r = prediction - target on the residual scale, h_d(r) = r^2/2 up "
    "to "
    "|r| = d, linear beyond" KL_OBJECTIVE_LIST(
        OBJECTIVE_LINE) "."
                        "\n\n"
                        "Ctrl-C stops at the next step and leaves no partial file.";
#undef OBJECTIVE_LINE

static const kl_option fit_options_table[] = {
    {.name = "objective",
     .kind = KL_OPTION_CHOICE,
     .field = KL_FIELD(objective),
     .argument = "NAME",
     .words = objective_words + 1,
     .about = "what is made small"},
    {.name = "delta",
     .kind = KL_OPTION_NUMBER,
     .field = KL_FIELD(fit.delta),
     .argument = "X",
     .lo = 1e-12,
     .hi = 1e12,
     .about = "Huber threshold"},
    {.name = "over-weight",
     .kind = KL_OPTION_NUMBER,
     .field = KL_FIELD(fit.over_weight),
     .argument = "W",
     .lo = 1e-6,
     .hi = 1e6,
     .about = "asymmetric: weight of rows that the law over-estimates"},
    {.name = "quantile",
     .kind = KL_OPTION_NUMBER,
     .field = KL_FIELD(fit.quantile),
     .argument = "Q",
     .lo = 1e-6,
     .hi = 1 - 1e-6,
     .about = "quantile: which"},
    {.name = "residual",
     .kind = KL_OPTION_CHOICE,
     .field = KL_FIELD(residual),
     .argument = "auto|log|linear",
     .words = "auto|log|linear",
     .about = "scale of residuals; auto: the law's own"},
    {.name = "weight",
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(fit.weight),
     .argument = "COLUMN",
     .about = "weights of rows"},
    {.name = "hide",
     .kind = KL_OPTION_LIST,
     .field = KL_FIELD(hide),
     .argument = "CONDITION",
     .about = "leave these rows out, predict them afterwards (repeatable)"},
};
static const kl_option_group fit_group = {"Fit", fit_options_table,
                                          KL_COUNT_OF(fit_options_table)};

static const kl_option solver_options[] = {
    {.name = "starts",
     .kind = KL_OPTION_COUNT,
     .field = KL_FIELD(fit.starts),
     .argument = "N|grid",
     .words = "grid",
     .lo = 1,
     .hi = 1e6,
     .about = "starts of the search, or the literature's grid"},
    {.name = "solver",
     .kind = KL_OPTION_CHOICE,
     .field = KL_FIELD(solver),
     .argument = "project|plain",
     .words = "project|plain",
     .about = "solve for linear parameters apart, or search all alike"},
    {.name = "seed",
     .kind = KL_OPTION_COUNT,
     .field = KL_FIELD(seed),
     .argument = "N",
     .hi = 9007199254740992.0,
     .about = "seed of every random draw"},
    {.name = "bootstrap",
     .kind = KL_OPTION_COUNT,
     .field = KL_FIELD(fit.bootstrap),
     .argument = "N",
     .hi = 1e6,
     .about = "resamples for the intervals, 0 = none"},
    {.name = "bootstrap-starts",
     .kind = KL_OPTION_COUNT,
     .field = KL_FIELD(fit.bootstrap_starts),
     .argument = "N",
     .hi = 1e4,
     .about = "starts in each resample beside the fit itself"},
    {.name = "group",
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(fit.group),
     .argument = "COLUMN",
     .about = "resample whole groups of rows, e.g. runs"},
    {.name = "level",
     .kind = KL_OPTION_NUMBER,
     .field = KL_FIELD(fit.level),
     .argument = "P",
     .lo = 0.5,
     .hi = 0.999,
     .about = "level of the intervals"},
    {.name = "no-profile",
     .kind = KL_OPTION_UNFLAG,
     .field = KL_FIELD(fit.profile),
     .about = "no profile-likelihood intervals"},
    {.name = "output",
     .letter = 'o',
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(output),
     .argument = "FILE",
     .about = "write the fit as JSON, for predict, plan, report and diff"},
    {.name = "report",
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(report),
     .argument = "FILE",
     .about = "write a report as a page too"},
};
static const kl_option_group solver_group = {"Search, intervals, files", solver_options,
                                             KL_COUNT_OF(solver_options)};

static const kl_example examples[] = {
    {"kleiber fit runs.csv -o fit.json", "chinchilla law; columns N, D and loss"},
    {"kleiber fit runs.csv --map N=params --let 'D = flops/(6*N)' --drop-worst 5",
     "other names, a computed column"},
    {"kleiber fit runs.csv --law power-floor --hide 'C > 1e22'",
     "another law; predict the largest runs and compare"},
    {"kleiber fit runs.csv --law 'E + A*N^-a'",
     "a law of your own: E, A, a are fitted"},
    {"train.sh | kleiber fit - --json", "from a pipe, for scripts"},
};

const kl_verb kl_verb_fit = {
    .name = "fit",
    .summary = "fit a scaling law to a table of runs",
    .usage = "RUNS",
    .min_operands = 1,
    .max_operands = 1,
    .options = {&fit_group, &solver_group, &kl_group_law, &kl_group_fix,
                &kl_group_table, &kl_group_format, &kl_group_long_work,
                &kl_group_general},
    .run = run,
    .keeps_output = true,
    .reads_stdin = true,
    .examples = examples,
    .n_examples = KL_COUNT_OF(examples),
    .about = about_fit,
};
