/* facts.c - how the fit was made and where everything came from. */
#include "base/fail.h"
#include "report/rounding.h"
#include "report/page.h"

#include <math.h>
#include <string.h>

/* One row: a name and its text; nothing if there is no text. */
static void add_fact(kl_text *t, const char *name, const char *text)
{
    if (!text || !*text) return;
    kl_text_add(t, "<tr>");
    kl_html_element(t, "th", NULL, name);
    kl_html_element(t, "td", NULL, text);
    kl_text_add(t, "</tr>\n");
}

static void add_number(kl_text *t, const char *name, double value, int digits)
{
    if (!isnan(value)) add_fact(t, name, kl_format(value, digits).s);
}

static const char *residual_text(kl_residual residual)
{
    return residual == KL_RESIDUAL_LOG
               ? "logarithmic (ln fitted \xe2\x88\x92 ln observed)"
               : "linear (fitted \xe2\x88\x92 observed)";
}

static void add_starts(kl_text *t, const kl_fit_summary *sum)
{
    kl_text line = {0};
    if (!sum->starts) return;
    kl_text_addf(&line, "%zu of %zu within a millionth of the best optimum",
                 sum->starts_at_best, sum->starts);
    if (sum->starts_failed)
        kl_text_addf(&line, "; %zu ended nowhere", sum->starts_failed);
    add_fact(t, "starts", line.data);
    if (!isnan(sum->runner_up)) {
        line.length = 0;
        kl_text_addf(&line, "%s, reached by %zu", kl_format(sum->runner_up, 9).s,
                     sum->starts_at_runner_up);
        add_fact(t, "next best optimum", line.data);
    }
    if (line.failed) t->failed = true;
    kl_text_free(&line);
}

static void add_rows(kl_text *t, const kl_study *s, const kl_fit_summary *sum)
{
    kl_text line = {0};
    const kl_fit_source source = kl_fit_get_source(s->fit);
    kl_text_addf(&line, "%zu used for %zu free parameters", sum->n_rows, sum->n_free);
    if (source.counts.read) kl_text_addf(&line, "; %zu read", source.counts.read);
    if (source.counts.status)
        kl_text_addf(&line, ", %zu left out as failed runs", source.counts.status);
    if (source.counts.filtered)
        kl_text_addf(&line, ", %zu not selected", source.counts.filtered);
    if (source.counts.dropped)
        kl_text_addf(&line, ", %zu dropped", source.counts.dropped);
    add_fact(t, "rows", line.data);
    if (sum->replicate_groups) {
        line.length = 0;
        kl_text_addf(&line, "%s, from %zu rows in %zu groups of equal inputs",
                     kl_format(sum->replicate_sd, 3).s, sum->replicate_rows,
                     sum->replicate_groups);
        add_fact(t, "replicate std. deviation", line.data);
    }
    if (line.failed) t->failed = true;
    kl_text_free(&line);
}

static void add_bootstrap(kl_text *t, const kl_study *s, const kl_fit_summary *sum)
{
    kl_text line = {0};
    const char *group = kl_fit_get_source(s->fit).group;
    if (!sum->bootstrap) return;
    kl_text_addf(&line, "%zu resamples by %s", sum->bootstrap, *group ? group : "row");
    if (sum->bootstrap_failed)
        kl_text_addf(&line, ", %zu without an optimum left out", sum->bootstrap_failed);
    add_fact(t, "bootstrap", line.data);
    if (line.failed) t->failed = true;
    kl_text_free(&line);
}

void kl_html_summary(kl_text *t, const kl_study *s)
{
    const kl_fit_summary sum = kl_fit_get_summary(s->fit);
    if (kl_fit_get_outcome(s->fit) == KL_FIT_GIVEN) return;
    kl_text_add(t, "<h2 id=\"summary\">How the fit went</h2>\n<div class=\"scroll\">"
                   "<table class=\"facts\"><tbody>\n");
    add_fact(t, "outcome", kl_fit_outcome_text(kl_fit_get_outcome(s->fit)));
    add_fact(t, "objective", kl_objective_text(sum.objective));
    add_number(t, "objective\xe2\x80\x99s value", sum.value, 10);
    add_number(t, "threshold (delta)", sum.delta, 4);
    add_number(t, "scale s of the residuals", exp(sum.ln_s), 5);
    add_fact(t, "residuals", residual_text(sum.residual));
    add_rows(t, s, &sum);
    add_starts(t, &sum);
    add_number(t, "condition number", sum.condition, 3);
    add_number(t, "gradient\xe2\x80\x99s norm", sum.gradient_norm, 2);
    add_number(t, "residual std. deviation", sum.residual_sd, 4);
    add_number(t, "the same, robust (MAD)", sum.residual_mad_sd, 4);
    add_number(t, "R\xc2\xb2", sum.r2, 5);
    add_bootstrap(t, s, &sum);
    kl_text_add(t, "</tbody></table></div>\n");
}

static void add_reference(kl_text *t, const char *key)
{
    const char *bibtex = *key ? kl_reference_get_bibtex(key) : NULL;
    if (!bibtex) return;
    kl_text_add(t, "<pre>");
    kl_xml_add(t, bibtex);
    kl_text_add(t, "</pre>\n");
}

void kl_html_source(kl_text *t, const kl_study *s)
{
    const kl_fit_source source = kl_fit_get_source(s->fit);
    const kl_fit_summary sum = kl_fit_get_summary(s->fit);
    const kl_law_published *published = kl_law_get_chosen(s->law);
    const bool given = kl_fit_get_outcome(s->fit) == KL_FIT_GIVEN;
    kl_text seed = {0};
    kl_text_addf(&seed, "%llu", (unsigned long long)sum.seed);
    kl_text_add(t,
                "<h2 id=\"source\">Where this comes from</h2>\n<div class=\"scroll\">"
                "<table class=\"facts\"><tbody>\n");
    add_fact(t, "law", kl_law_get_name(s->law));
    add_fact(t, "formula", kl_law_get_text(s->law));
    add_fact(t, "cost", kl_law_get_cost(s->law));
    add_fact(t, "reference", kl_law_get_reference(s->law));
    if (given && published) {
        add_fact(t, "published fit", published->source);
        add_fact(t, "fitted to", published->data);
        add_fact(t, "note", published->note);
    }
    add_fact(t, "data", source.path);
    add_fact(t, "SHA-256", source.sha256);
    add_fact(t, "weights", source.weight);
    if (!given) add_fact(t, "seed", seed.data);
    add_fact(t, "program", "kleiber");
    add_fact(t, "version", kl_version());
    kl_text_add(t, "</tbody></table></div>\n");
    add_reference(t, kl_law_get_reference(s->law));
    if (given && published && strcmp(published->source, kl_law_get_reference(s->law)))
        add_reference(t, published->source);
    if (seed.failed) t->failed = true;
    kl_text_free(&seed);
}
