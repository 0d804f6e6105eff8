/* cmd_report.c - kleiber report: fit, figures and plan as one page. */
#include "cli/cli_plan.h"
#include "cli/cli_source.h"
#include "cli/cli_verbs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usual_page[] = "report.html";

/* The page into its file, or for "-" into the answer on standard output. */
static kl_status write_page(kl_text *out, const kl_args *args, const kl_fit *fit,
                            const kl_plan *plan, const kl_report_options *opt,
                            kl_error *err)
{
    const char *page = args->output ? args->output : usual_page;
    if (!strcmp(page, "-")) {
        char *html;
        const kl_status status = kl_report_to_html(&html, fit, plan, opt, err);
        if (!status) kl_text_add(out, html);
        free(html);
        return status;
    }
    const kl_status status = kl_report_write_html(page, fit, plan, opt, err);
    if (!status && !args->quiet && args->progress != KL_WHEN_NEVER)
        fprintf(stderr, "wrote %s\n", page);
    return status;
}

static kl_status run(kl_args *args, kl_text *out, kl_error *err)
{
    kl_fit *fit = NULL;
    kl_plan *plan = NULL;
    const char **names;
    size_t n_names;
    const char *path = args->operands.n ? args->operands.items[0] : NULL;
    kl_report_options opt = kl_report_options_default();
    opt.title = args->title;
    if (!isnan(args->level)) opt.level = args->level;
    kl_status status = kl_plan_names(&names, &n_names, args, err);
    if (!status) status = kl_source_fit(&fit, path, names, n_names, args, err);
    if (!status && kl_plan_is_wanted(args))
        status = kl_plan_from_args(&plan, fit, args, err);
    if (!status && args->figures)
        status = kl_report_write_figures(args->figures, fit, plan, &opt, err);
    if (!status) status = write_page(out, args, fit, plan, &opt, err);
    kl_plan_free(plan);
    kl_fit_free(fit);
    return status;
}

static const kl_option own_options[] = {
    {.name = "output",
     .letter = 'o',
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(output),
     .argument = "FILE",
     .about = "the page to write (default report.html)"},
    {.name = "figures",
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(figures),
     .argument = "FOLDER",
     .about = "write each figure as an SVG file too"},
    {.name = "title",
     .kind = KL_OPTION_TEXT,
     .field = KL_FIELD(title),
     .argument = "TEXT",
     .about = "title of the page (default: from the law and the table)"},
    {.name = "quiet",
     .letter = 'q',
     .kind = KL_OPTION_FLAG,
     .field = KL_FIELD(quiet),
     .about = "say nothing, show no progress"},
};
static const kl_option_group own_group = {"Report", own_options,
                                          KL_COUNT_OF(own_options)};

static const kl_example examples[] = {
    {"kleiber report fit.json", "the fit as report.html"},
    {"kleiber report fit.json --budget 1e24 -o page.html --figures figures",
     "with a plan, and each figure as a file"},
};

const kl_verb kl_verb_report = {
    .name = "report",
    .summary = "write a fit, its figures and a plan as one page",
    .usage = "[FIT.json]",
    .max_operands = 1,
    .options = {&own_group, &kl_group_plan, &kl_group_level, &kl_group_law,
                &kl_group_fix, &kl_group_long_work, &kl_group_general},
    .run = run,
    .keeps_output = true,
    .reads_stdin = true,
    .examples = examples,
    .n_examples = KL_COUNT_OF(examples),
    .about =
        "The page is one HTML file that needs no network and no script: data and "
        "fitted "
        "curves, residuals, profiles, the table of parameters, warnings, and the plan "
        "if any of the plan's options is given.",
};
