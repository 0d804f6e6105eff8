/* test_report.c - whole reports: which figures, well-formed, same bytes, errors. */
#include "support/check.h"
#include "support/chinchilla.h"
#include "support/scratch.h"

#include <kleiber/report.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_OPEN = 64 };

/* First place where text is not well-formed XML as we write it; NULL if it is. */
static const char *malformed(const char *s)
{
    char open[MAX_OPEN][24];
    size_t depth = 0;
    while (*s) {
        if (*s == '&') {
            const size_t n = strspn(s + 1, "abcdefghijklmnopqrstuvwxyz#0123456789");
            if (!n || s[1 + n] != ';') return s;
        }
        if (*s == '>' || (unsigned char)*s < '\n') return s;
        if (*s++ != '<') continue;
        const char *tag = s, *end = s;
        for (bool quoted = false; *end && (quoted || *end != '>'); end++) {
            if (*end == '"') quoted = !quoted;
            if (*end == '<') return end;
        }
        if (!*end) return tag;
        s = end + 1;
        if (*tag == '?' || *tag == '!' || end[-1] == '/') continue;
        const size_t n = strcspn(tag + (*tag == '/'), " >\n");
        if (n >= sizeof *open || depth == MAX_OPEN) return tag;
        if (*tag != '/') {
            snprintf(open[depth++], sizeof *open, "%.*s", (int)n, tag);
        } else if (!depth-- || strlen(open[depth]) != n ||
                   strncmp(open[depth], tag + 1, n)) {
            return tag;
        }
    }
    return depth ? s : NULL;
}

static void check_well_formed(const char *label, const char *text)
{
    const char *at = malformed(text);
    if (at) fail_msg("%s: not well-formed at '%.60s'", label, at);
}

static void test_checker(void **state)
{
    (void)state;
    assert_null(malformed("<a b=\"x>y\"><c/>&amp;&#39;</a>"));
    static const char *const bad[] = {"<a>",      "</a>",      "<a></b>",
                                      "<a>&</a>", "<a>&x</a>", "a>b",
                                      "<a <b/>",  "<a></aa>",  "\x01"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_non_null(malformed(bad[i]));
}

/* A page without script or network, and no number that is none. */
static void check_page(const char *label, const char *html)
{
    static const char *const never[] = {"<script", " href=", " src=",  "@import",
                                        "<link",   "url(h",  "<img",   "\"nan\"",
                                        "nan ",    "-inf",   "=\"inf", "(null)"};
    check_well_formed(label, html);
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (strstr(html, never[i])) fail_msg("%s: the page has '%s'", label, never[i]);
    check_contains(label, html, "<!DOCTYPE html>");
    check_contains(label, html, "<h1>");
}

/* The figures of a page, in order: "fit observed ...". */
static const char *figures_of(const char *html)
{
    static char list[256];
    static const char mark[] = "aria-labelledby=\"";
    *list = '\0';
    for (const char *s = html; (s = strstr(s, mark)); s++) {
        const size_t n = strcspn(s + sizeof mark - 1, "-");
        const size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%.*s", used ? " " : "", (int)n,
                 s + sizeof mark - 1);
    }
    return list;
}

/* A fit with few draws: enough for every figure, quick to make. */
static kl_fit *quick_fit(const kl_table *runs, const kl_law *law)
{
    kl_error err;
    kl_fit *fit;
    kl_fit_options opt = kl_fit_options_default();
    opt.starts = 8;
    opt.bootstrap = 30;
    check_ok("fit", kl_fit_run(&fit, runs, law, &opt, &err), err);
    return fit;
}

static char *page_of(const kl_fit *fit, const kl_plan *plan)
{
    kl_error err;
    char *html;
    check_ok("page", kl_report_to_html(&html, fit, plan, NULL, &err), err);
    return html;
}

static kl_law *open_law(const char *spec)
{
    kl_error err;
    kl_law *law;
    check_ok(spec, kl_law_open(&law, spec, &err), err);
    return law;
}

/* A table of n rows: each column by a rule of the row. */
typedef double (*rule)(size_t row);

static double powers(size_t row)
{
    return pow(10, 6 + 0.25 * (double)row);
}

static double falling(size_t row)
{
    return (1.5 + 40 * pow(powers(row), -0.2)) * (1 + 0.003 * sin(7.0 * (double)row));
}

static double around_zero(size_t row)
{
    return (double)row / 5 - 1;
}

static double negative(size_t row)
{
    return -3 + 2 * around_zero(row) + 0.05 * cos(5.0 * (double)row);
}

static double fraction(size_t row)
{
    return (double)row / 15;
}

static double quarter(size_t row)
{
    return (double)(row % 4) / 3;
}

static double wobble(size_t row)
{
    return pow(10, 1 + (double)(row * 7 % 5));
}

static kl_table *table_of(size_t n_rows, const char *const *names, const rule *rules)
{
    kl_error err;
    kl_table *t;
    double values[64];
    check_ok("table", kl_table_new(&t, n_rows, "made", &err), err);
    for (size_t c = 0; names[c]; c++) {
        for (size_t k = 0; k < n_rows; k++) values[k] = rules[c](k);
        check_ok(names[c], kl_table_add_numbers(t, names[c], values, &err), err);
    }
    return t;
}

/* Law, table and the figures that must come of them. */
static const struct {
    const char *spec;
    const char *names[4];
    rule rules[4];
    const char *target;
    const char *figures;
} kinds[] = {
    {"power-floor",
     {"x", "loss"},
     {powers, falling},
     "loss",
     "fit observed residuals profiles draws"},
    {"E + A*n^-a",
     {"n", "error rate"},
     {powers, falling},
     "error rate",
     "fit observed residuals profiles draws"},
    {"E + A*n^-a + B*m^-b",
     {"n", "m", "loss"},
     {powers, wobble, falling},
     "loss",
     "fit observed contours residuals profiles draws"},
    {"a + b*sqrt(1-f)*n^-c",
     {"f", "n", "loss"},
     {fraction, powers, falling},
     "loss",
     "fit observed contours residuals profiles draws"},
    {"a + b*log(1+f) + c*sqrt(1-g)",
     {"f", "g", "loss"},
     {fraction, quarter, falling},
     "loss",
     "fit observed contours residuals profiles draws"},
    {"E + 0*n",
     {"n", "loss"},
     {powers, falling},
     "loss",
     "fit observed residuals profiles"},
    {"a*`<script>alert(1)</script>` + b",
     {"<script>alert(1)</script>", "</svg>&"},
     {around_zero, negative},
     "</svg>&",
     "fit observed residuals profiles draws"},
};

static void test_kinds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        kl_error err;
        kl_law *law = open_law(kinds[i].spec);
        kl_table *runs = table_of(16, kinds[i].names, kinds[i].rules);
        kl_fit *fit;
        check_ok("target", kl_law_set_target(law, kinds[i].target, &err), err);
        kl_fit_options opt = kl_fit_options_default();
        opt.starts = 8;
        opt.bootstrap = 30;
        opt.residual =
            kinds[i].rules[0] == around_zero ? KL_RESIDUAL_LINEAR : KL_RESIDUAL_AUTO;
        check_ok(kinds[i].spec, kl_fit_run(&fit, runs, law, &opt, &err), err);
        char *html = page_of(fit, NULL);
        check_page(kinds[i].spec, html);
        check_text(kinds[i].spec, figures_of(html), kinds[i].figures);
        free(html);
        kl_fit_free(fit);
        kl_table_free(runs);
        kl_law_free(law);
    }
}

static void test_chinchilla(void **state)
{
    (void)state;
    kl_error err;
    kl_law *law = chinchilla_law("chinchilla");
    kl_table *runs = chinchilla_simulated(40, 0.01, 3);
    kl_fit *fit = quick_fit(runs, law);
    kl_plan *plan;
    check_ok("plan", kl_plan_for_budget(&plan, fit, 1e24, &err), err);
    char *html = page_of(fit, plan), *again = page_of(fit, plan);
    check_page("chinchilla", html);
    check_text("chinchilla", figures_of(html),
               "fit observed isoflop contours residuals profiles draws");
    assert_string_equal(html, again); /* same bytes */
    check_contains("parameters", html, "<th>alpha</th>");
    check_contains("plan", html, "<h2 id=\"plan\">");
    check_contains("plan's budget", html, "(plan)");
    check_contains("units on axes", html, ">D (tokens)</text>");
    check_contains("counts", html, ">1B</text>");
    free(html);
    free(again);
    kl_plan_free(plan);
    kl_fit_free(fit);
    kl_table_free(runs);
    kl_law_free(law);
}

static void test_published(void **state)
{
    (void)state;
    kl_law *law = chinchilla_law("chinchilla@besiroglu2024");
    kl_error err;
    kl_fit *fit;
    check_ok("fit", kl_fit_from_values(&fit, law, NULL, &err), err);
    char *html = page_of(fit, NULL);
    check_page("published", html);
    check_text("published", figures_of(html), "isoflop contours");
    check_contains("published", html, "besiroglu2024");
    assert_null(strstr(html, "How the fit went"));
    free(html);
    kl_fit_free(fit);
    kl_law_free(law);
}

static void test_indexed(void **state)
{
    (void)state;
    static const char *const names[] = {"n", "loss", NULL};
    static const rule rules[] = {powers, falling};
    const char *corpus[18];
    for (size_t k = 0; k < 18; k++)
        corpus[k] = k % 3 ? k % 3 == 1 ? "<wiki>" : "web" : "a&b";
    kl_error err;
    kl_law *law = open_law("E[corpus] + A*n^-a");
    kl_table *runs = table_of(18, names, rules);
    check_ok("corpus", kl_table_add_categories(runs, "corpus", corpus, &err), err);
    kl_fit *fit = quick_fit(runs, law);
    char *html = page_of(fit, NULL);
    check_page("indexed", html);
    check_text("indexed", figures_of(html), "fit observed residuals profiles draws");
    check_contains("level", html, ">&lt;wiki&gt;</text>");
    check_contains("level", html, "<th>E[a&amp;b]</th>");
    check_contains("first colour", html, "#0072b2");
    check_contains("third colour", html, "#009e73");
    free(html);
    kl_fit_free(fit);
    kl_table_free(runs);
    kl_law_free(law);
}

/* More levels than colours and keys. */
static void test_many_levels(void **state)
{
    (void)state;
    static const char *const names[] = {"n", "loss", NULL};
    static const rule rules[] = {powers, falling};
    char level[20][8];
    const char *run[60];
    kl_error err;
    for (size_t k = 0; k < 60; k++) {
        snprintf(level[k % 20], sizeof level[0], "run%zu", k % 20);
        run[k] = level[k % 20];
    }
    kl_law *law = open_law("E[run]*n^-a");
    kl_table *runs = table_of(60, names, rules);
    check_ok("run", kl_table_add_categories(runs, "run", run, &err), err);
    kl_fit *fit = quick_fit(runs, law);
    char *html = page_of(fit, NULL);
    check_page("levels", html);
    check_contains("levels", html, ">run15</text>");
    check_contains("levels", html, ">and 4 more</text>");
    check_contains("profiles", html, "9 more parameters are not drawn");
    free(html);
    kl_fit_free(fit);
    kl_table_free(runs);
    kl_law_free(law);
}

/* No text is smaller than ten pixels. */
static void test_text_size(void **state)
{
    (void)state;
    kl_law *law = chinchilla_law("chinchilla@besiroglu2024");
    kl_error err;
    kl_fit *fit;
    check_ok("fit", kl_fit_from_values(&fit, law, NULL, &err), err);
    char *html = page_of(fit, NULL);
    size_t n = 0;
    for (const char *s = html; (s = strstr(s, "font-size:")); s++, n++) {
        char unit[4] = "";
        double size = 0;
        assert_int_equal(sscanf(s, "font-size:%lf%3[a-z]", &size, unit), 2);
        const bool known =
            !strcmp(unit, "px") || !strcmp(unit, "rem") || !strcmp(unit, "pt");
        if (!known) fail_msg("font size in '%s'", unit);
        check_at_most("smallest text", 10,
                      *unit == 'r' ? 16 * size : size); /* 1rem: 16px */
    }
    assert_in_range(n, 5, 100);
    free(html);
    kl_fit_free(fit);
    kl_law_free(law);
}

static void test_options(void **state)
{
    (void)state;
    kl_error err;
    kl_law *law = chinchilla_law("chinchilla");
    kl_table *runs = chinchilla_simulated(30, 0.01, 4);
    kl_fit *fit = quick_fit(runs, law);
    char *usual = page_of(fit, NULL), *html;
    kl_report_options opt = kl_report_options_default();
    opt.title = "A <b> & \"c\"";
    check_ok("title", kl_report_to_html(&html, fit, NULL, &opt, &err), err);
    check_page("title", html);
    check_contains("title", html, "<h1>A &lt;b&gt; &amp; &quot;c&quot;</h1>");
    free(html);
    opt = kl_report_options_default();
    opt.level = 0.5;
    check_ok("level", kl_report_to_html(&html, fit, NULL, &opt, &err), err);
    check_contains("level", html, "50 % interval");
    assert_string_not_equal(html, usual);
    free(html);
    opt = kl_report_options_default();
    opt.max_draws = 0;
    check_ok("draws", kl_report_to_html(&html, fit, NULL, &opt, &err), err);
    check_contains("usual", usual, "% of 30 bootstrap draws");
    assert_null(strstr(html, "bootstrap draws (uncertainty"));
    free(html);
    opt.level = 1.5;
    check_fails("level", kl_report_to_html(&html, fit, NULL, &opt, &err), KL_E_USAGE);
    check_contains("level", err.msg, "1.5");
    assert_null(html);
    free(usual);
    kl_fit_free(fit);
    kl_table_free(runs);
    kl_law_free(law);
}

static char *read_all(const char *path)
{
    static char text[1 << 20];
    FILE *f = fopen(path, "rb");
    if (!f) fail_msg("cannot open '%s'", path);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

/* A second opinion on well-formedness, where the program is there. */
static void lint(const char *path)
{
    char command[600];
    if (system("xmllint --version >/dev/null 2>&1")) return;
    snprintf(command, sizeof command, "xmllint --noout '%s'", path);
    if (system(command)) fail_msg("xmllint refuses '%s'", path);
}

static void test_files(void **state)
{
    (void)state;
    static const char *const figures[] = {"isoflop", "contours"};
    kl_law *law = chinchilla_law("chinchilla@besiroglu2024");
    kl_error err;
    kl_fit *fit;
    char dir[400], path[440];
    check_ok("fit", kl_fit_from_values(&fit, law, NULL, &err), err);
    snprintf(dir, sizeof dir, "%s-figures", test_scratch_path("report"));
    for (int again = 0; again < 2; again++) /* a folder that exists is fine */
        check_ok("figures", kl_report_write_figures(dir, fit, NULL, NULL, &err), err);
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/figure-%s.svg", dir, figures[i]);
        char *svg = read_all(path);
        check_well_formed(path, svg);
        assert_memory_equal(svg, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg ",
                            44);
        check_contains(path, svg, "<style>");
        check_contains(path, svg, "role=\"img\"");
        check_contains(path, svg, "<title id=\"");
        check_contains(path, svg, "<desc id=\"");
        lint(path);
        unlink(path);
    }
    rmdir(dir);
    snprintf(path, sizeof path, "%s", test_scratch_path("report.html"));
    check_ok("page", kl_report_write_html(path, fit, NULL, NULL, &err), err);
    char *html = page_of(fit, NULL);
    assert_string_equal(read_all(path), html);
    lint(path);
    free(html);
    kl_fit_free(fit);
    kl_law_free(law);
}

static void test_cannot_write(void **state)
{
    (void)state;
    kl_law *law = chinchilla_law("chinchilla@besiroglu2024");
    kl_error err;
    kl_fit *fit;
    check_ok("fit", kl_fit_from_values(&fit, law, NULL, &err), err);
    check_fails("disk full", kl_report_write_html("/dev/full", fit, NULL, NULL, &err),
                KL_E_IO);
    check_contains("disk full", err.msg, "/dev/full");
    check_fails("no folder",
                kl_report_write_html("/nonexistent/x.html", fit, NULL, NULL, &err),
                KL_E_IO);
    check_fails("no parent",
                kl_report_write_figures("/nonexistent/x", fit, NULL, NULL, &err),
                KL_E_IO);
    check_contains("no parent", err.msg, "/nonexistent/x");
    check_fails("a file", kl_report_write_figures("/dev/null", fit, NULL, NULL, &err),
                KL_E_IO);
    kl_fit_free(fit);
    kl_law_free(law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checker),    cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_chinchilla), cmocka_unit_test(test_published),
        cmocka_unit_test(test_indexed),    cmocka_unit_test(test_many_levels),
        cmocka_unit_test(test_text_size),  cmocka_unit_test(test_options),
        cmocka_unit_test(test_files),      cmocka_unit_test(test_cannot_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
