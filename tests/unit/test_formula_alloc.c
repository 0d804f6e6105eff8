/* test_formula_alloc.c - every allocation of the room's public calls fails once. */
#include "support/check.h"
#include "support/fault.h"

#include <kleiber/formula.h>

static const double column[] = {1, 0, 3};
static const double *const numbers[] = {column};
static const int32_t codes[] = {0, 1, 0};
static const int32_t *const code_columns[] = {codes};

static kl_status compile(const kl_formula *f, const kl_formula *c, kl_error *err)
{
    const kl_symbol symbols[] = {
        {"E", KL_SYMBOL_PARAMETER, .slot = 0, .n_levels = 2, .code_slot = 0},
        {"A", KL_SYMBOL_PARAMETER, .slot = 2, .n_levels = 1},
        {"alpha", KL_SYMBOL_PARAMETER, .slot = 3, .n_levels = 1},
        {"N", KL_SYMBOL_INPUT, .slot = 0},
        {"C", KL_SYMBOL_FORMULA, .formula = c},
    };
    const kl_columns cols = {3, numbers, code_columns};
    const double theta[] = {1, 2, 3, 0.5};
    const size_t rows[] = {2, 2, 0, 1};
    double values[3];
    kl_program *p = NULL;
    kl_frame *frame = NULL, *other = NULL;
    kl_status status = kl_program_new(&p, f, symbols, 5, err);
    if (!status) status = kl_frame_new(&frame, p, &cols, err);
    if (!status) status = kl_frame_gather(&other, frame, rows, 4, err);
    if (!status) status = kl_frame_values(frame, theta, values, err);
    if (!status) check_near("E[corpus] + A * 0^alpha", values[1], 2, 0);
    kl_frame_free(other);
    kl_frame_free(frame);
    kl_program_free(p);
    return status;
}

static kl_status everything(void *ctx, kl_error *err)
{
    (void)ctx;
    kl_formula *f = NULL, *c = NULL, *difference = NULL;
    char *text = NULL;
    kl_status status =
        kl_formula_parse(&f, "S = A * N^alpha; E[corpus] + S + C >= 0 * A", "law", err);
    if (!status) status = kl_formula_parse(&c, "`N` * 0", "let", err);
    if (!status) status = kl_formula_difference(&difference, f, err);
    if (!status) status = kl_formula_format(&text, difference, err);
    if (!status) status = compile(difference, c, err);
    free(text);
    kl_formula_free(difference);
    kl_formula_free(c);
    kl_formula_free(f);
    return status;
}

static kl_status unknown_name(void *ctx, kl_error *err)
{
    (void)ctx;
    kl_formula *f = NULL;
    kl_program *p = NULL;
    const kl_symbol symbol = {"alpha", KL_SYMBOL_PARAMETER, .n_levels = 1};
    kl_status status = kl_formula_parse(&f, "alhpa", "law", err);
    if (!status) status = kl_program_new(&p, f, &symbol, 1, err);
    if (status == KL_E_USAGE) check_contains("hint", err->msg, "did you mean 'alpha'?");
    kl_formula_free(f);
    return status == KL_E_USAGE ? KL_OK : status;
}

static kl_status not_finite(void *ctx, kl_error *err)
{
    (void)ctx;
    kl_formula *f = NULL;
    kl_program *p = NULL;
    kl_frame *frame = NULL;
    const kl_symbol symbol = {"N", KL_SYMBOL_INPUT, .slot = 0};
    const kl_columns cols = {3, numbers, NULL};
    kl_status status = kl_formula_parse(&f, "log(N)", "law", err);
    if (!status) status = kl_program_new(&p, f, &symbol, 1, err);
    if (!status) status = kl_frame_new(&frame, p, &cols, err);
    kl_program_free(p);
    kl_formula_free(f);
    return status == KL_E_DOMAIN ? KL_OK : status;
}

static void test_everything(void **state)
{
    (void)state;
    fault_sweep("everything", everything, NULL);
    fault_sweep("unknown name", unknown_name, NULL);
    fault_sweep("not finite", not_finite, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_everything)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
