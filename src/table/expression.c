/* expression.c - parse, gather complete rows, evaluate, say which row went wrong. */
#include "table/expression.h"

#include "base/number.h"
#include "table/text_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

kl_status kl_expression_parse(kl_expression *x, const char *text, size_t column,
                              const char *origin, kl_error *err)
{
    memset(x, 0, sizeof *x);
    kl_text rewritten = {0};
    /* blanks in front keep the columns in messages right */
    for (size_t i = 0; i < column; i++) kl_text_add(&rewritten, " ");
    kl_status status = kl_text_tests_rewrite(x, &rewritten, text, column, origin, err);
    char *formula = kl_text_take(&rewritten);
    if (!status && !formula) status = kl_fail_nomem(err);
    if (!status) status = kl_formula_parse(&x->formula, formula, origin, err);
    free(formula);
    for (size_t i = 0; !status && i < kl_formula_get_n_names(x->formula); i++)
        if (kl_formula_get_index(x->formula, i))
            status = kl_fail(err, KL_E_USAGE,
                             "%s: '%s[%s]': only parameters of a law can "
                             "be indexed",
                             origin, kl_formula_get_name(x->formula, i),
                             kl_formula_get_index(x->formula, i));
    return status;
}

void kl_expression_free(kl_expression *x)
{
    kl_formula_free(x->formula);
    for (size_t i = 0; i < x->n_tests; i++) {
        free(x->tests[i].name);
        free(x->tests[i].column);
        free(x->tests[i].text);
    }
    free(x->tests);
    memset(x, 0, sizeof *x);
}

static const kl_text_test *find_test(const kl_expression *x, const char *name)
{
    for (size_t i = 0; i < x->n_tests; i++)
        if (!strcmp(x->tests[i].name, name)) return &x->tests[i];
    return NULL;
}

const char *kl_expression_get_column(const kl_expression *x, size_t i)
{
    if (i >= kl_formula_get_n_names(x->formula)) return NULL;
    const char *name = kl_formula_get_name(x->formula, i);
    const kl_text_test *test = find_test(x, name);
    return test ? test->column : name;
}

/* Ones and zeros of a test; NaN where the cell is missing. */
static kl_status run_test(double *out, const kl_text_test *test, const kl_table *t,
                          kl_error *err)
{
    kl_column *c;
    const kl_status status = kl_table_require(&c, t, test->column, err);
    if (status) return status;
    if (c->kind == KL_COLUMN_CATEGORY) {
        const int32_t code = kl_column_find_level(c, test->text);
        for (size_t i = 0; i < t->n_rows; i++)
            out[i] = c->codes[i] < 0 ? NAN : (c->codes[i] == code) == test->equal;
        return KL_OK;
    }
    double value;
    if (!kl_number_parse(test->text, strlen(test->text), &value))
        return kl_fail(err, KL_E_USAGE,
                       "%s: column '%s' holds numbers: it cannot be '%.80s'",
                       kl_table_label(t), test->column, test->text);
    for (size_t i = 0; i < t->n_rows; i++)
        out[i] = isnan(c->numbers[i]) ? NAN : (c->numbers[i] == value) == test->equal;
    return KL_OK;
}

/* The inputs of an expression over the rows where none is missing. */
typedef struct inputs {
    size_t n, n_rows;
    const double **columns; /* of the table, or tests[i] */
    double **tests;         /* made here */
    double **complete;      /* columns gathered over `rows` */
    size_t *rows;
    kl_symbol *symbols;
} inputs;

static void free_inputs(inputs *in)
{
    for (size_t i = 0; i < in->n; i++) {
        if (in->tests) free(in->tests[i]);
        if (in->complete) free(in->complete[i]);
    }
    free(in->columns);
    free(in->tests);
    free(in->complete);
    free(in->rows);
    free(in->symbols);
}

static kl_status find_columns(inputs *in, const kl_expression *x, const kl_table *t,
                              kl_error *err)
{
    const size_t n = kl_formula_get_n_names(x->formula);
    in->columns = calloc(n + 1, sizeof *in->columns);
    in->tests = calloc(n + 1, sizeof *in->tests);
    in->complete = calloc(n + 1, sizeof *in->complete);
    in->rows = malloc((t->n_rows + 1) * sizeof *in->rows);
    in->symbols = calloc(n + 1, sizeof *in->symbols);
    in->n = n;
    if (!in->columns || !in->tests || !in->complete || !in->rows || !in->symbols) {
        if (!in->tests || !in->complete) in->n = 0;
        return kl_fail_nomem(err);
    }
    kl_status status = KL_OK;
    for (size_t i = 0; !status && i < n; i++) {
        const char *name = kl_formula_get_name(x->formula, i);
        const kl_text_test *test = find_test(x, name);
        in->symbols[i] = (kl_symbol){.name = name, .kind = KL_SYMBOL_INPUT, .slot = i};
        if (test) {
            in->columns[i] = in->tests[i] = malloc((t->n_rows + 1) * sizeof(double));
            status = in->tests[i] ? run_test(in->tests[i], test, t, err)
                                  : kl_fail_nomem(err);
        } else {
            status = kl_table_require_numbers(&in->columns[i], t, name, err);
        }
    }
    return status;
}

static kl_status gather_complete(inputs *in, const kl_table *t, kl_error *err)
{
    for (size_t row = 0; row < t->n_rows; row++) {
        bool complete = true;
        for (size_t i = 0; i < in->n; i++)
            complete = complete && !isnan(in->columns[i][row]);
        if (complete) in->rows[in->n_rows++] = row;
    }
    for (size_t i = 0; i < in->n; i++) {
        in->complete[i] = malloc((in->n_rows + 1) * sizeof(double));
        if (!in->complete[i]) return kl_fail_nomem(err);
        for (size_t k = 0; k < in->n_rows; k++)
            in->complete[i][k] = in->columns[i][in->rows[k]];
    }
    return KL_OK;
}

/* "runs.csv:17: D = C/(6*N) is not finite: C = 1e+18, N = 0" */
static kl_status fail_row(const inputs *in, const kl_expression *x, const kl_table *t,
                          const char *what, size_t row, kl_error *err)
{
    char value[32];
    kl_text list = {0};
    for (size_t i = 0; i < in->n; i++)
        kl_text_addf(&list, "%s%.60s = %s", i ? ", " : "",
                     kl_formula_get_name(x->formula, i),
                     kl_number_format_plain(value, in->columns[i][row], 6));
    const kl_status status =
        kl_fail_at(err, KL_E_DOMAIN, t->lines[row], 0,
                   "%s:%ld: %.160s is not finite%s%s", kl_table_label(t), t->lines[row],
                   what, in->n ? ": " : "", list.data ? list.data : "");
    kl_text_free(&list);
    return status;
}

static kl_status run_program(double *out, const inputs *in, const kl_expression *x,
                             const kl_table *t, const char *what, kl_error *err)
{
    kl_program *program = NULL;
    kl_frame *frame = NULL;
    kl_error why = {0};
    const kl_columns columns = {.n_rows = in->n_rows,
                                .numbers = (const double *const *)in->complete};
    kl_status status = kl_program_new(&program, x->formula, in->symbols, in->n, err);
    if (!status) {
        status = kl_frame_new(&frame, program, &columns, &why);
        if (status == KL_E_DOMAIN && why.line >= 1 && (size_t)why.line <= in->n_rows)
            status = fail_row(in, x, t, what, in->rows[why.line - 1], err);
        else if (status && err)
            *err = why;
    }
    if (!status) status = kl_frame_values(frame, NULL, out, err);
    for (size_t k = 0; !status && k < in->n_rows; k++)
        if (!isfinite(out[k])) status = fail_row(in, x, t, what, in->rows[k], err);
    kl_frame_free(frame);
    kl_program_free(program);
    return status;
}

kl_status kl_expression_evaluate(const kl_expression *x, const kl_table *t,
                                 const char *what, double *values, kl_error *err)
{
    inputs in = {0};
    double *out = NULL;
    kl_status status = find_columns(&in, x, t, err);
    if (!status) status = gather_complete(&in, t, err);
    if (!status && !(out = malloc((in.n_rows + 1) * sizeof *out)))
        status = kl_fail_nomem(err);
    if (!status && in.n_rows) status = run_program(out, &in, x, t, what, err);
    if (!status) {
        for (size_t i = 0; i < t->n_rows; i++) values[i] = NAN;
        for (size_t k = 0; k < in.n_rows; k++) values[in.rows[k]] = out[k];
    }
    free(out);
    free_inputs(&in);
    return status;
}
