/*
 * expression.h - a formula over the columns of a table, evaluated for every row.
 *
 * Beside the formula language it knows tests of text: `corpus == "c4"`, or with !=, the
 * text in either kind of quotes. Before the formula is parsed, each test is made the
 * name of a column of ones and zeros, so it may stand wherever a number may.
 */
#ifndef KL_TABLE_EXPRESSION_H
#define KL_TABLE_EXPRESSION_H

#include "table/columnar.h"

#include <kleiber/formula.h>

typedef struct kl_text_test {
    char *name;   /* the test as written; the formula's name for it */
    char *column; /* the column compared */
    char *text;   /* what it is compared with */
    bool equal;   /* ==, else != */
} kl_text_test;

typedef struct kl_expression {
    kl_formula *formula;
    kl_text_test *tests;
    size_t n_tests;
} kl_expression;

/**
 * Parse. Free it also after a failure.
 * @param text   where the formula begins
 * @param column 0-based place of `text` in what the user wrote, for messages
 * @param origin what messages call that, e.g. "--where"
 */
kl_status kl_expression_parse(kl_expression *x, const char *text, size_t column,
                              const char *origin, kl_error *err);

void kl_expression_free(kl_expression *x);

/** Columns that the expression reads: the i-th, NULL beyond the last. */
const char *kl_expression_get_column(const kl_expression *x, size_t i);

/**
 * Values of all rows: NaN where an input is missing.
 * @param      what   for messages: "D = C/(6*N)"
 * @param[out] values n_rows of the table
 * @return KL_OK; KL_E_DOMAIN a value is not finite (file, line, inputs); KL_E_USAGE no
 *         such column; KL_E_PARSE a column of text used as a number; KL_E_NOMEM.
 */
kl_status kl_expression_evaluate(const kl_expression *x, const kl_table *t,
                                 const char *what, double *values, kl_error *err);

#endif
