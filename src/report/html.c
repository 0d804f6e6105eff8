/* html.c - the page: warnings first, then numbers, figures, and how all came about. */
#include "base/fail.h"
#include "report/figure.h"
#include "report/page.h"
#include "report/style.h"

#include <string.h>

/* "loss by chinchilla, fitted to runs.csv"; the file without its folders. */
static void add_title(kl_text *t, const kl_study *s, const char *title)
{
    if (title) {
        kl_text_add(t, title);
        return;
    }
    const char *path = kl_fit_get_source(s->fit).path;
    const char *slash = strrchr(path, '/');
    const char *law = kl_law_get_title(s->law);
    kl_text_add(t, *law ? law : kl_law_get_text(s->law));
    if (*path) kl_text_addf(t, ": %s", slash ? slash + 1 : path);
}

static void add_head(kl_text *t, const char *title)
{
    kl_text_add(t, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" "
                   "lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                   "<meta name=\"viewport\" content=\"width=device-width, "
                   "initial-scale=1\"/>\n");
    kl_html_element(t, "title", NULL, title);
    kl_text_add(t, "\n<style>");
    kl_text_add(t, kl_style_page());
    kl_text_add(t, kl_style_figures());
    kl_text_add(t, "</style>\n</head>\n<body>\n");
}

static void add_law(kl_text *t, const kl_study *s)
{
    const kl_law_published *published = kl_law_get_chosen(s->law);
    kl_text_add(t, "<pre>");
    kl_xml_add(t, s->target.name);
    kl_text_add(t, " = ");
    kl_xml_add(t, kl_law_get_text(s->law));
    kl_text_add(t, "</pre>\n<p class=\"lead\">");
    if (kl_fit_get_outcome(s->fit) != KL_FIT_GIVEN) {
        kl_text_addf(t, "Fitted to %zu runs.", kl_fit_get_summary(s->fit).n_rows);
    } else {
        kl_text_add(t, "Values were given, not fitted here");
        if (published) kl_text_add(t, " (");
        if (published) kl_xml_add(t, published->source);
        kl_text_add(t, published ? ")." : ".");
    }
    kl_text_add(t, "</p>\n");
    if (*kl_law_get_about(s->law))
        kl_html_element(t, "p", "lead", kl_law_get_about(s->law));
}

static void add_warnings(kl_text *t, const kl_study *s)
{
    const size_t n_fit = kl_fit_get_n_warnings(s->fit);
    const size_t n_plan = s->plan ? kl_plan_get_n_warnings(s->plan) : 0;
    const kl_fit_outcome outcome = kl_fit_get_outcome(s->fit);
    const bool stalled = outcome == KL_FIT_STALLED;
    if (!n_fit && !n_plan && !stalled) return;
    kl_text_add(
        t, "<section class=\"warnings\" role=\"note\">\n<h2>Warnings</h2>\n<ul>\n");
    if (stalled)
        kl_html_element(t, "li", NULL,
                        "the solver stopped before it met its tolerance: "
                        "the values may not be an optimum");
    for (size_t i = 0; i < n_fit; i++)
        kl_html_element(t, "li", NULL, kl_fit_get_warning(s->fit, i));
    for (size_t i = 0; i < n_plan; i++)
        kl_html_element(t, "li", NULL, kl_plan_get_warning(s->plan, i));
    kl_text_add(t, "</ul>\n</section>\n");
}

static kl_status add_figures(kl_text *t, const kl_study *s, kl_error *err)
{
    kl_text_add(t, "<h2 id=\"figures\">Figures</h2>\n");
    for (size_t i = 0, n = 0; kl_figures[i]; i++) {
        kl_text picture = {0}, about = {0};
        if (!kl_figures[i]->applies(s)) continue;
        kl_status status =
            kl_figure_write(&picture, &about, kl_figures[i], s, false, err);
        if (!status) {
            kl_text_add(t, "<figure>\n");
            kl_text_add_bytes(t, picture.data, picture.length);
            kl_text_addf(t, "<figcaption><strong>Figure %zu. %s.</strong> ", ++n,
                         kl_figures[i]->title);
            kl_xml_add(t, about.data ? about.data : "");
            kl_text_add(t, "</figcaption>\n</figure>\n");
        }
        kl_text_free(&picture);
        kl_text_free(&about);
        if (status && status != KL_E_DOMAIN) return status;
    }
    return KL_OK;
}

kl_status kl_html_page(kl_text *t, const kl_study *s, const char *title, kl_error *err)
{
    kl_text name = {0};
    add_title(&name, s, title);
    kl_status status = name.failed ? kl_fail_nomem(err) : KL_OK;
    if (status) goto out;
    add_head(t, name.data);
    kl_html_element(t, "h1", NULL, name.data);
    kl_text_add(t, "\n");
    add_law(t, s);
    add_warnings(t, s);
    kl_html_parameters(t, s);
    kl_html_plan(t, s);
    status = add_figures(t, s, err);
    if (status) goto out;
    kl_html_summary(t, s);
    kl_html_source(t, s);
    kl_text_add(t, "<footer>Written by kleiber ");
    kl_xml_add(t, kl_version());
    kl_text_add(t, ".</footer>\n</body>\n</html>\n");
    if (t->failed) status = kl_fail_nomem(err);
out:
    kl_text_free(&name);
    return status;
}
