/* tables.c - parameters and plan as tables, numbers rounded to their uncertainty. */
#include "base/fail.h"
#include "report/rounding.h"
#include "report/page.h"

#include <math.h>
#include <string.h>

void kl_html_element(kl_text *t, const char *tag, const char *class, const char *text)
{
    kl_text_addf(t, "<%s", tag);
    if (class) kl_text_addf(t, " class=\"%s\"", class);
    kl_text_add(t, ">");
    kl_xml_add(t, text);
    kl_text_addf(t, "</%s>", tag);
}

/* One standard error, or what the width of an interval of 90 % says of it. */
static double uncertainty(double se, double lo, double hi)
{
    const double width = isfinite(lo) && isfinite(hi) ? (hi - lo) / 3.3 : NAN;
    return fmin(se, width); /* a few wild draws make a huge se; NaN gives way */
}

static void add_interval(kl_text *t, double lo, double hi, double u, bool count)
{
    if (isnan(lo) && isnan(hi)) {
        kl_html_element(t, "td", NULL, "\xe2\x80\x93");
        return;
    }
    kl_text_addf(t, "<td>%s to %s</td>", kl_format_uncertain(lo, u, count).s,
                 kl_format_uncertain(hi, u, count).s);
}

static void add_parameter(kl_text *t, const kl_fit_parameter *p)
{
    const bool count = kl_format_is_count(p->unit);
    const double u = uncertainty(p->se, p->ci_lo, p->ci_hi);
    kl_text_add(t, "<tr>");
    kl_html_element(t, "th", NULL, p->name);
    kl_html_element(t, "td", NULL, kl_format_uncertain(p->value, u, count).s);
    kl_html_element(t, "td", NULL, kl_format_uncertain(p->se, p->se, count).s);
    add_interval(t, p->bootstrap_lo, p->bootstrap_hi, u, count);
    add_interval(t, p->profile_lo, p->profile_hi, u, count);
    add_interval(t, p->curvature_lo, p->curvature_hi, u, count);
    kl_html_element(t, "td", "text",
                    p->fixed      ? "fixed"
                    : p->at_bound ? "at the end of its range"
                    : p->unit     ? p->unit
                                  : "");
    kl_text_add(t, "</tr>\n");
}

void kl_html_parameters(kl_text *t, const kl_study *s)
{
    const size_t n = kl_fit_get_n_parameters(s->fit);
    if (!n) return;
    kl_text_add(t,
                "<h2 id=\"parameters\">Parameters</h2>\n<div class=\"scroll\"><table>\n"
                "<thead><tr><th scope=\"col\">parameter</th>"
                "<th scope=\"col\">value</th><th scope=\"col\">std. error</th>"
                "<th scope=\"col\">bootstrap</th><th scope=\"col\">profile</th>"
                "<th scope=\"col\">curvature</th><th class=\"text\" scope=\"col\">"
                "unit, remark</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < n; i++) add_parameter(t, kl_fit_get_parameter(s->fit, i));
    kl_text_add(t, "</tbody></table></div>\n");
    const double level = kl_fit_get_summary(s->fit).level;
    if (kl_fit_get_outcome(s->fit) == KL_FIT_GIVEN || !(level > 0)) return;
    kl_text_addf(t,
                 "<p class=\"lead\">Intervals at %s %%. Bootstrap: refits to resampled "
                 "data. Profile: where the objective, minimised over the other "
                 "parameters, stays near its least value. Curvature: from second "
                 "derivatives at the optimum. Trust the three most where they "
                 "agree.</p>\n",
                 kl_format(100 * level, 3).s);
}

static const char *unit_of(const kl_study *s, const char *name)
{
    for (size_t i = 0; i < s->n_inputs; i++)
        if (!strcmp(s->inputs[i].name, name)) return kl_law_get_input(s->law, i)->unit;
    const kl_law_input *target = kl_law_get_target(s->law);
    return strcmp(target->name, name) ? NULL : target->unit;
}

static void add_plan_number(kl_text *t, const kl_study *s, kl_plan_number v)
{
    const char *unit = unit_of(s, v.name);
    const double u = uncertainty(NAN, v.ci_lo, v.ci_hi);
    const bool count = kl_format_is_count(unit);
    kl_text_add(t, "<tr>");
    kl_html_element(t, "th", NULL, v.name);
    kl_html_element(t, "td", NULL, kl_format_uncertain(v.value, u, count).s);
    add_interval(t, v.ci_lo, v.ci_hi, u, count);
    kl_html_element(t, "td", "text", unit ? unit : "");
    kl_text_add(t, "</tr>\n");
}

static void add_constraints(kl_text *t, const kl_plan *plan)
{
    const size_t n = kl_plan_get_n_constraints(plan);
    if (!n) return;
    kl_text_add(t,
                "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">constraint"
                "</th><th class=\"text\" scope=\"col\">holds</th><th scope=\"col\">"
                "relative slack</th><th scope=\"col\">multiplier</th></tr></thead>\n"
                "<tbody>\n");
    for (size_t i = 0; i < n; i++) {
        const kl_plan_constraint c = kl_plan_get_constraint(plan, i);
        kl_text_add(t, "<tr><th><code>");
        kl_xml_add(t, c.text);
        kl_text_add(t, "</code></th>");
        kl_html_element(t, "td", "text", c.active ? "with equality" : "with room");
        kl_html_element(t, "td", NULL, c.active ? "0" : kl_format(c.slack, 3).s);
        kl_html_element(t, "td", NULL, kl_format(c.multiplier, 3).s);
        kl_text_add(t, "</tr>\n");
    }
    kl_text_add(t,
                "</tbody></table></div>\n<p class=\"lead\">Multiplier: by how much in "
                "per cent the minimised value changes if the right side grows by one "
                "per cent.</p>\n");
}

static void add_plan_remarks(kl_text *t, const kl_study *s)
{
    const double decades = kl_plan_get_decades(s->plan);
    const size_t n_draws = kl_plan_get_n_draws(s->plan);
    const size_t n_failed = kl_plan_get_n_draws_failed(s->plan);
    if (n_draws)
        kl_text_addf(
            t, "<p>Intervals are over %zu bootstrap draws, each planned again%s.</p>\n",
            n_draws, n_failed ? "; some of them had no optimum" : "");
    if (decades > 0)
        kl_text_addf(
            t, "<p>The plan lies <strong>%s decades</strong> beyond the data.</p>\n",
            kl_format(decades, 2).s);
}

void kl_html_plan(kl_text *t, const kl_study *s)
{
    if (!s->plan) return;
    const kl_plan_number value = kl_plan_get_value(s->plan);
    const kl_plan_number target = kl_plan_get_target(s->plan);
    const kl_plan_number ratio = kl_plan_get_ratio(s->plan);
    kl_text_add(t, "<h2 id=\"plan\">Plan</h2>\n<p>Minimise <code>");
    kl_xml_add(t, value.name);
    kl_text_add(t, "</code>. Outcome: <strong>");
    kl_xml_add(t, kl_plan_outcome_text(kl_plan_get_outcome(s->plan)));
    kl_text_add(t, "</strong>.</p>\n");
    if (kl_plan_get_outcome(s->plan) != KL_PLAN_INFEASIBLE) {
        kl_text_add(
            t, "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">quantity"
               "</th><th scope=\"col\">value</th><th scope=\"col\">interval</th>"
               "<th class=\"text\" scope=\"col\">unit</th></tr></thead>\n<tbody>\n");
        for (size_t i = 0; i < kl_plan_get_n_variables(s->plan); i++)
            add_plan_number(t, s, kl_plan_get_variable(s->plan, i));
        if (!isnan(ratio.value)) add_plan_number(t, s, ratio);
        add_plan_number(t, s, target);
        if (strcmp(value.name, target.name)) add_plan_number(t, s, value);
        kl_text_add(t, "</tbody></table></div>\n");
    }
    add_constraints(t, s->plan);
    add_plan_remarks(t, s);
}
