/*
 * fuzz_formula.c - any text: parse, write back, parse again, compile, evaluate.
 *
 * Beyond not crashing: what is written back parses to the same text, and the orders of
 * derivatives agree on the value.
 */
#include <kleiber/formula.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS = 9, LEVELS = 2, MAX_LEAVES = 24, LONGEST = 4096 };

static void require(bool condition)
{
    if (!condition) abort();
}

static const double columns_of_numbers[3][ROWS] = {
    {1, 2, 3, 4, 1e9, 1e12, 0.5, 7, 9},
    {0, 1, -1, 2.5, -3e5, 1e300, 1e-300, 4, 0.25},
    {6e23, 1, 1, 1, 2, 2, 2, 3, 3},
};
static const int32_t codes[ROWS] = {0, 1, 0, 1, 1, 0, 0, 1, 0};

static void evaluate(const kl_program *p, const kl_frame *frame)
{
    const size_t n = kl_program_get_n_leaves(p), block = KL_BLOCK;
    if (n > MAX_LEAVES) return;
    double theta[LEVELS * (MAX_LEAVES + 1)], value[KL_BLOCK], again[KL_BLOCK];
    bool linear[MAX_LEAVES + 1];
    for (size_t i = 0; i < sizeof theta / sizeof *theta; i++)
        theta[i] = 0.3 * (double)i;
    double *gradient = malloc((n + 1) * block * sizeof *gradient);
    double *hessian = malloc((n * (n + 1) / 2 + 1) * block * sizeof *hessian);
    const size_t bytes = kl_program_get_scratch(p, 2) * sizeof(double);
    double *scratch = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (gradient && hessian && scratch) {
        const kl_block_out all = {value, gradient, hessian}, only = {again, NULL, NULL};
        kl_frame_block(frame, 0, ROWS, theta, &all, scratch);
        kl_frame_block(frame, 0, ROWS, theta, &only, scratch);
        for (size_t i = 0; i < ROWS; i++) /* NaN has many bytes */
            require(value[i] == again[i] ||
                    (value[i] != value[i] && again[i] != again[i]));
        require(kl_program_get_linear(p, linear) <= n);
    }
    free(gradient);
    free(hessian);
    free(scratch);
}

static void compile(const kl_formula *f)
{
    const size_t n = kl_formula_get_n_names(f);
    kl_symbol *symbols = calloc(n + 1, sizeof *symbols);
    if (!symbols) return;
    size_t n_theta = 0;
    for (size_t i = 0; i < n; i++) {
        const bool indexed = kl_formula_get_index(f, i) != NULL;
        const bool input = !indexed && i % 2 && i < 6;
        symbols[i] = (kl_symbol){.name = kl_formula_get_name(f, i),
                                 .kind = input ? KL_SYMBOL_INPUT : KL_SYMBOL_PARAMETER,
                                 .slot = input ? i / 2 : n_theta,
                                 .n_levels = indexed ? LEVELS : 1};
        if (!input) n_theta += symbols[i].n_levels;
    }
    const double *numbers[] = {columns_of_numbers[0], columns_of_numbers[1],
                               columns_of_numbers[2]};
    const int32_t *code_columns[] = {codes};
    const kl_columns cols = {ROWS, numbers, code_columns};
    kl_error err;
    kl_program *p = NULL;
    kl_frame *frame = NULL;
    if (!kl_program_new(&p, f, symbols, n, &err) &&
        !kl_frame_new(&frame, p, &cols, &err))
        evaluate(p, frame);
    kl_frame_free(frame);
    kl_program_free(p);
    free(symbols);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > LONGEST) return 0;
    char *text = malloc(size + 1), *written = NULL, *twice = NULL;
    kl_formula *f = NULL, *again = NULL, *difference = NULL;
    kl_error err = {0};
    if (!text) return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (kl_formula_parse(&f, text, "fuzz", &err)) {
        require(err.code == KL_E_PARSE && err.msg[0]);
        goto out;
    }
    require(!kl_formula_format(&written, f, &err));
    require(!kl_formula_parse(&again, written, "fuzz", &err));
    require(!kl_formula_format(&twice, again, &err));
    require(!strcmp(written, twice));
    if (kl_formula_get_relation(f) != KL_RELATION_NONE) {
        require(!kl_formula_difference(&difference, f, &err));
        compile(difference);
    }
    compile(f);
out:
    kl_formula_free(f);
    kl_formula_free(again);
    kl_formula_free(difference);
    free(text);
    free(written);
    free(twice);
    return 0;
}
