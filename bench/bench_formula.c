/* bench_formula.c - microseconds per evaluation of a formula, by rows and order. */
#include <kleiber/formula.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { REPEATS = 100, INPUTS = 2, MAX_THETA = 64 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Least time of REPEATS short runs, in microseconds, for one pass over all rows: the
 * least is what others on the machine disturb least. */
static double measure(const kl_frame *frame, const double *theta,
                      const kl_block_out *out, double *scratch)
{
    const size_t n_rows = kl_frame_get_n_rows(frame);
    const size_t passes = 1 + 40000 / n_rows;
    double best = HUGE_VAL;
    for (int r = 0; r < REPEATS; r++) {
        const double begin = now();
        for (size_t k = 0; k < passes; k++)
            for (size_t first = 0; first < n_rows; first += KL_BLOCK) {
                const size_t left = n_rows - first;
                kl_frame_block(frame, first, left < KL_BLOCK ? left : KL_BLOCK, theta,
                               out, scratch);
            }
        best = fmin(best, (now() - begin) / (double)passes * 1e6);
    }
    return best;
}

/* N and D are columns, all other names parameters. */
static kl_program *compile(const char *text)
{
    kl_error err;
    kl_formula *f = NULL;
    kl_program *p = NULL;
    kl_symbol symbols[MAX_THETA];
    if (!kl_formula_parse(&f, text, "formula", &err)) {
        const size_t n = kl_formula_get_n_names(f);
        for (size_t i = 0, slot = 0; i < n && i < MAX_THETA; i++) {
            const char *name = kl_formula_get_name(f, i);
            const bool input = (name[0] == 'N' || name[0] == 'D') && !name[1];
            symbols[i] = (kl_symbol){
                .name = name,
                .kind = input ? KL_SYMBOL_INPUT : KL_SYMBOL_PARAMETER,
                .slot = input ? (size_t)(name[0] == 'D') : slot++,
                .n_levels = 1,
            };
        }
        if (kl_program_new(&p, f, symbols, n < MAX_THETA ? n : MAX_THETA, &err))
            fprintf(stderr, "%s\n", err.msg);
    } else {
        fprintf(stderr, "%s\n", err.msg);
    }
    kl_formula_free(f);
    return p;
}

static int run(const kl_program *p, size_t n_rows)
{
    const size_t k = kl_program_get_n_leaves(p), block = KL_BLOCK;
    double theta[MAX_THETA], *columns = malloc(INPUTS * n_rows * sizeof *columns);
    const size_t scratch = kl_program_get_scratch(p, 2);
    const size_t n = (1 + k + k * (k + 1) / 2) * block + scratch;
    double *memory = aligned_alloc(64, (n * sizeof *memory + 63) / 64 * 64);
    kl_frame *frame = NULL;
    if (!columns || !memory) goto out;
    for (size_t i = 0; i < MAX_THETA; i++) theta[i] = 0.3 + 0.01 * (double)i;
    for (size_t i = 0; i < INPUTS * n_rows; i++)
        columns[i] = exp(16 + 8 * fmod((double)i * 0.6180339887, 1));
    const double *numbers[INPUTS] = {columns, columns + n_rows};
    const kl_columns cols = {n_rows, numbers, NULL};
    if (kl_frame_new(&frame, p, &cols, NULL)) goto out;
    double *gradient = memory + scratch + block;
    printf("%9zu rows", n_rows);
    for (int order = 0; order <= 2; order++) {
        const kl_block_out out = {memory + scratch, order > 0 ? gradient : NULL,
                                  order > 1 ? gradient + k * block : NULL};
        const double us = measure(frame, theta, &out, memory);
        printf("  order %d: %10.2f us, %5.2f ns per row", order, us,
               1e3 * us / (double)n_rows);
    }
    printf("\n");
out:
    kl_frame_free(frame);
    free(memory);
    free(columns);
    return frame ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *text = argc > 1 ? argv[1] : "E + A / N^alpha + B / D^beta";
    static const size_t rows[] = {100, 240, 1000, 10000, 100000, 1000000};
    kl_program *p = compile(text);
    int failed = p ? 0 : 1;
    printf("%s\n", text);
    for (size_t i = 0; p && !failed && i < sizeof rows / sizeof *rows; i++)
        failed = run(p, rows[i]);
    kl_program_free(p);
    return failed;
}
