/* report.c - the public calls: the page as text or file, the figures as files. */
#include <kleiber/report.h>

#include "base/fail.h"
#include "base/file.h"
#include "report/figure.h"
#include "report/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

kl_report_options kl_report_options_default(void)
{
    return (kl_report_options){.title = NULL, .level = 0, .max_draws = 200};
}

static kl_status start(kl_study *s, const kl_fit *fit, const kl_plan *plan,
                       const kl_report_options *opt, kl_error *err)
{
    const kl_report_options usual = kl_report_options_default();
    return kl_study_init(s, fit, plan, opt ? opt : &usual, err);
}

kl_status kl_report_to_html(char **html, const kl_fit *fit, const kl_plan *plan,
                            const kl_report_options *opt, kl_error *err)
{
    kl_study s;
    kl_text t = {0};
    *html = NULL;
    kl_status status = start(&s, fit, plan, opt, err);
    if (!status) status = kl_html_page(&t, &s, opt ? opt->title : NULL, err);
    if (!status && !(*html = kl_text_take(&t))) status = kl_fail_nomem(err);
    kl_text_free(&t);
    kl_study_free(&s);
    return status;
}

kl_status kl_report_write_html(const char *path, const kl_fit *fit, const kl_plan *plan,
                               const kl_report_options *opt, kl_error *err)
{
    char *html;
    kl_status status = kl_report_to_html(&html, fit, plan, opt, err);
    if (!status) status = kl_file_write(path, html, strlen(html), err);
    free(html);
    return status;
}

static kl_status write_figure(const char *dir, const kl_figure *figure,
                              const kl_study *s, kl_error *err)
{
    kl_text picture = {0}, about = {0}, path = {0};
    kl_status status = kl_figure_write(&picture, &about, figure, s, true, err);
    if (status == KL_E_DOMAIN) {
        status = KL_OK; /* as on the page: left out */
        goto out;
    }
    kl_text_addf(&path, "%s/figure-%s.svg", dir, figure->name);
    if (!status && path.failed) status = kl_fail_nomem(err);
    if (!status) status = kl_file_write(path.data, picture.data, picture.length, err);
out:
    kl_text_free(&picture);
    kl_text_free(&about);
    kl_text_free(&path);
    return status;
}

kl_status kl_report_write_figures(const char *dir, const kl_fit *fit,
                                  const kl_plan *plan, const kl_report_options *opt,
                                  kl_error *err)
{
    kl_study s;
    if (mkdir(dir, 0777) && errno != EEXIST)
        return kl_fail(err, KL_E_IO, "cannot make folder '%s': %s", dir,
                       strerror(errno));
    kl_status status = start(&s, fit, plan, opt, err);
    for (size_t i = 0; kl_figures[i] && !status; i++)
        if (kl_figures[i]->applies(&s))
            status = write_figure(dir, kl_figures[i], &s, err);
    kl_study_free(&s);
    return status;
}
