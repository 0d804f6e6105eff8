/* page.h - the parts of the HTML page, well-formed as XML too. */
#ifndef KL_REPORT_PAGE_H
#define KL_REPORT_PAGE_H

#include "report/study.h"

/** <tag>escaped text</tag>; `class` may be NULL. */
void kl_html_element(kl_text *t, const char *tag, const char *class, const char *text);

/** Tables, each a section with its heading, nothing where there is nothing to tell. */
void kl_html_parameters(kl_text *t, const kl_study *s);
void kl_html_plan(kl_text *t, const kl_study *s);
void kl_html_summary(kl_text *t, const kl_study *s);
void kl_html_source(kl_text *t, const kl_study *s);

/** The whole page. @param title of the page, or NULL: made from law and table */
kl_status kl_html_page(kl_text *t, const kl_study *s, const char *title, kl_error *err);

#endif
