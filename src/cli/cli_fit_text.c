/* cli_fit_text.c - what people see of a fit: values rounded to their uncertainty. */
#include "cli/cli_fit_text.h"

#include "cli/cli_output.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void kl_fit_text_source(kl_text *out, const kl_args *args, const kl_fit *fit)
{
    const kl_law *law = kl_fit_get_law(fit);
    const kl_fit_source from = kl_fit_get_source(fit);
    const kl_fit_summary s = kl_fit_get_summary(fit);
    char title[320];
    snprintf(title, sizeof title, "%s: %s = %s", kl_law_get_name(law),
             kl_law_get_target(law)->name, kl_law_get_text(law));
    kl_output_heading(out, args, title);
    kl_text_addf(out, "  %s: %zu rows",
                 strcmp(from.path, "-") ? from.path : "standard input", s.n_rows);
    const char *open = " (";
    const struct {
        size_t n;
        const char *what;
    } counts[] = {{from.counts.status, "failed runs left out"},
                  {from.counts.filtered, "left out by --where"},
                  {from.counts.dropped, "dropped as worst"}};
    for (size_t i = 0; i < KL_COUNT_OF(counts); i++) {
        if (!counts[i].n) continue;
        kl_text_addf(out, "%s%zu %s", open, counts[i].n, counts[i].what);
        open = ", ";
    }
    kl_text_add(out, *open == ',' ? ")\n" : "\n");
}

static const char *remark(const kl_fit_parameter *p)
{
    return p->fixed ? "fixed" : p->at_bound ? "at its bound" : "";
}

void kl_fit_text_parameters(kl_text *out, const kl_args *args, const kl_fit *fit)
{
    const kl_fit_summary s = kl_fit_get_summary(fit);
    kl_grid grid = {.right = {false, true, true, true, true}};
    char title[80], buf[112];
    bool profiled = false;
    for (size_t i = 0; i < kl_fit_get_n_parameters(fit); i++)
        profiled = profiled || !isnan(kl_fit_get_parameter(fit, i)->profile_lo);
    snprintf(title, sizeof title, "Parameters, %g%% intervals", 100 * s.level);
    kl_output_heading(out, args, title);
    kl_grid_add(&grid, "name");
    kl_grid_add(&grid, "value");
    kl_grid_add(&grid, "std. error");
    kl_grid_add(&grid, s.bootstrap ? "bootstrap" : "curvature");
    if (profiled) kl_grid_add(&grid, "profile");
    kl_grid_end_row(&grid);
    for (size_t i = 0; i < kl_fit_get_n_parameters(fit); i++) {
        const kl_fit_parameter *p = kl_fit_get_parameter(fit, i);
        const double half = kl_half_width(p->ci_lo, p->ci_hi);
        const double u = p->se > 0 ? p->se : half;
        kl_grid_add(&grid, "%s", p->name);
        kl_grid_add(&grid, "%s", kl_round_to(buf, p->value, u));
        kl_grid_add(&grid, "%s", kl_round_to(buf, p->se, u));
        kl_grid_add(&grid, "%s", kl_round_interval(buf, p->ci_lo, p->ci_hi, u));
        if (profiled)
            kl_grid_add(&grid, "%s",
                        kl_round_interval(buf, p->profile_lo, p->profile_hi, u));
        kl_grid_add(&grid, "%s", p->unit ? p->unit : "");
        kl_grid_add(&grid, "%s", remark(p));
        kl_grid_end_row(&grid);
    }
    kl_grid_print(out, &grid, 2);
}

static void add_starts(kl_grid *grid, const kl_fit_summary *s)
{
    char more[96] = "";
    if (!s->starts) return;
    if (!isnan(s->runner_up))
        snprintf(more, sizeof more, "; next best optimum %.8g (%zu)", s->runner_up,
                 s->starts_at_runner_up);
    kl_grid_add(grid, "starts");
    kl_grid_add(grid, "%zu of %zu at the best optimum%s", s->starts_at_best, s->starts,
                more);
    kl_grid_end_row(grid);
}

static void add_noise(kl_grid *grid, const kl_fit_summary *s)
{
    if (!isnan(s->residual_sd)) {
        kl_grid_add(grid, "residuals");
        kl_grid_add(grid, "sd %.3g, robust %.3g (%s scale)", s->residual_sd,
                    s->residual_mad_sd,
                    s->residual == KL_RESIDUAL_LINEAR ? "linear" : "log");
        kl_grid_end_row(grid);
    }
    if (!isnan(s->replicate_sd)) {
        kl_grid_add(grid, "replicates");
        kl_grid_add(grid, "sd %.3g over %zu rows in %zu groups", s->replicate_sd,
                    s->replicate_rows, s->replicate_groups);
        kl_grid_end_row(grid);
    }
}

void kl_fit_text_summary(kl_text *out, const kl_args *args, const kl_fit *fit)
{
    const kl_fit_summary s = kl_fit_get_summary(fit);
    kl_grid grid = {0};
    kl_output_heading(out, args, "Fit");
    kl_grid_add(&grid, "outcome");
    kl_grid_add(&grid, "%s", kl_fit_outcome_text(kl_fit_get_outcome(fit)));
    kl_grid_end_row(&grid);
    kl_grid_add(&grid, "objective");
    kl_grid_add(&grid, "%s %.9g", kl_objective_text(s.objective), s.value);
    kl_grid_end_row(&grid);
    add_starts(&grid, &s);
    if (!isnan(s.condition)) {
        kl_grid_add(&grid, "condition");
        kl_grid_add(&grid, "%.3g", s.condition);
        kl_grid_end_row(&grid);
    }
    add_noise(&grid, &s);
    if (s.bootstrap) {
        const kl_fit_source from = kl_fit_get_source(fit);
        kl_grid_add(&grid, "bootstrap");
        kl_grid_add(&grid, "%zu resamples by %s, %zu failed, seed %llu", s.bootstrap,
                    from.group && *from.group ? from.group : "row", s.bootstrap_failed,
                    (unsigned long long)s.seed);
        kl_grid_end_row(&grid);
    }
    kl_grid_print(out, &grid, 2);
}

static const char *warning_text(const void *object, size_t i)
{
    return kl_fit_get_warning(object, i);
}

void kl_fit_text_warnings(kl_text *out, const kl_args *args, const kl_fit *fit)
{
    kl_output_warnings(out, args, warning_text, kl_fit_get_n_warnings(fit), fit);
}

void kl_fit_text_csv(kl_text *out, const kl_fit *fit)
{
    kl_text_add(out, "name,value,se,ci_lo,ci_hi,bootstrap_lo,bootstrap_hi,profile_lo,"
                     "profile_hi,curvature_lo,curvature_hi,fixed,at_bound\n");
    for (size_t i = 0; i < kl_fit_get_n_parameters(fit); i++) {
        const kl_fit_parameter *p = kl_fit_get_parameter(fit, i);
        const double row[] = {p->value,        p->se,           p->ci_lo,
                              p->ci_hi,        p->bootstrap_lo, p->bootstrap_hi,
                              p->profile_lo,   p->profile_hi,   p->curvature_lo,
                              p->curvature_hi, p->fixed,        p->at_bound};
        kl_csv_add(out, p->name);
        for (size_t k = 0; k < KL_COUNT_OF(row); k++) kl_csv_number(out, row[k]);
        kl_csv_end(out);
    }
}
