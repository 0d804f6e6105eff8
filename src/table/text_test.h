/* text_test.h - tests of text inside expressions; see expression.h. */
#ifndef KL_TABLE_TEXT_TEST_H
#define KL_TABLE_TEXT_TEST_H

#include "base/text.h"
#include "table/expression.h"

/** Copy an expression to `out` with each test of text replaced by a name in back-quotes
 * and added to `x`. Parameters as kl_expression_parse. */
kl_status kl_text_tests_rewrite(kl_expression *x, kl_text *out, const char *s,
                                size_t column, const char *origin, kl_error *err);

#endif
