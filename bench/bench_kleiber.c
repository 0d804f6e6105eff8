/*
 * bench_kleiber.c - Kleiber's side of the benchmark; peer_scipy.py is the other.
 *
 * usage: bench_kleiber data OUT.csv [RUNS.csv]   the 240 rows; simulated by default
 *        bench_kleiber objective RUNS.csv ROWS   one objective with gradient
 *        bench_kleiber grid RUNS.csv             the 4,500 starts with both solvers
 *        bench_kleiber bootstrap RUNS.csv THREADS   default fit and 4,000 refits
 *
 * Prints one line of values for bench/run, which has the headings.
 */
#include "base/arena.h"
#include "base/random.h"
#include "fit/objective.h"

#include <kleiber/kleiber.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { N_PARAMETERS = 5, REPEATS = 15, BOOTSTRAP = 4000 };

/* One thread: CPU time, which others on the machine disturb less. */
static double seconds(bool one_thread)
{
    struct timespec t;
    clock_gettime(one_thread ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The table that both sides read: N, D, loss. */
static kl_status write_data(const char *out, const char *from, kl_error *err)
{
    kl_table *runs = NULL;
    FILE *f = NULL;
    kl_status rc = KL_OK;
    if (from) {
        const char *const let[] = {"D = C/(6*N)"};
        kl_table_options opt = kl_table_options_default();
        opt.map = "N=Model Size,C=Training FLOP", opt.let = let, opt.n_let = 1;
        if ((rc = kl_table_read(&runs, from, &opt, err))) goto out;
        if ((rc = kl_table_drop_largest(runs, "loss", 5, err))) goto out;
    }
    if (!(f = fopen(out, "w"))) {
        rc = KL_E_IO;
        goto out;
    }
    fputs("N,D,loss\n", f);
    kl_random random = kl_random_new(1, 0);
    const size_t n = runs ? kl_table_get_n_rows(runs) : 240;
    for (size_t i = 0; i < n; i++) {
        if (runs) {
            fprintf(f, "%.17g,%.17g,%.17g\n", kl_table_get_numbers(runs, "N")[i],
                    kl_table_get_numbers(runs, "D")[i],
                    kl_table_get_numbers(runs, "loss")[i]);
            continue;
        }
        /* besiroglu2024's law over the ranges of their table, with its noise */
        const double params = exp(18 + 5.7 * kl_random_uniform(&random));
        const double tokens = params * exp(6 * kl_random_uniform(&random) - 0.5);
        const double law =
            1.8172 + 482.01 * pow(params, -0.3478) + 2085.43 * pow(tokens, -0.3658);
        fprintf(f, "%.17g,%.17g,%.17g\n", params, tokens,
                law * exp(0.005 * kl_random_normal(&random)));
    }
out:
    if (f && fclose(f)) rc = KL_E_IO;
    if (rc == KL_E_IO && err->code == KL_OK)
        snprintf(err->msg, sizeof err->msg, "cannot write '%s'", out);
    kl_table_free(runs);
    return rc;
}

/* A problem over `n_rows` rows, the table's over and over. Lives in `arena`. */
static kl_status make_problem(kl_problem *p, kl_program **program, kl_frame **frame,
                              const kl_law *law, const kl_table *runs, size_t n_rows,
                              kl_arena *arena, kl_error *err)
{
    kl_symbol symbols[2 + N_PARAMETERS] = {{.name = "N"}, {.name = "D", .slot = 1}};
    for (size_t k = 0; k < N_PARAMETERS; k++)
        symbols[2 + k] = (kl_symbol){.name = kl_law_get_parameter(law, k)->name,
                                     .kind = KL_SYMBOL_PARAMETER,
                                     .slot = k,
                                     .n_levels = 1};
    static const char *const names[] = {"N", "D", "loss"};
    double *columns[3];
    for (size_t c = 0; c < 3; c++) {
        const double *from = kl_table_get_numbers(runs, names[c]);
        columns[c] = kl_arena_doubles(arena, n_rows);
        if (!columns[c]) return KL_E_NOMEM;
        for (size_t i = 0; i < n_rows; i++) {
            const double v = from[i % kl_table_get_n_rows(runs)];
            columns[c][i] = c == 2 ? log(v) : v;
        }
    }
    const kl_columns data = {n_rows, (const double *const *)columns, NULL};
    kl_status rc = kl_program_new(program, kl_law_get_formula(law), symbols,
                                  2 + N_PARAMETERS, err);
    if (!rc) rc = kl_frame_new(frame, *program, &data, err);
    *p = (kl_problem){.program = *program,
                      .frame = *frame,
                      .n_rows = n_rows,
                      .target = columns[2],
                      .link = KL_LINK_LOG,
                      .n_theta = N_PARAMETERS};
    return rc;
}

/* The point of peer_scipy.py, by parameter: E, A, alpha, B, beta in any order. */
static double point_of(const char *name)
{
    if (!strcmp(name, "A")) return exp(6.0);
    if (!strcmp(name, "B")) return exp(7.5);
    if (!strcmp(name, "E")) return exp(0.6);
    return !strcmp(name, "alpha") ? 0.34 : 0.36;
}

static kl_status bench_objective(const kl_law *law, const kl_table *runs, size_t n_rows,
                                 kl_error *err)
{
    kl_arena arena = {0};
    kl_program *program = NULL;
    kl_frame *frame = NULL;
    kl_problem problem;
    kl_coords coords;
    kl_status rc =
        make_problem(&problem, &program, &frame, law, runs, n_rows, &arena, err);
    if (rc) goto out;
    kl_work *work = kl_work_new(&arena, program, N_PARAMETERS);
    if (!work || !kl_coords_new(&coords, &arena, N_PARAMETERS)) {
        rc = KL_E_NOMEM;
        goto out;
    }
    coords.n = N_PARAMETERS;
    for (size_t k = 0; k < N_PARAMETERS; k++) {
        const kl_law_parameter *parameter = kl_law_get_parameter(law, k);
        coords.slot[k] = k;
        coords.is_log[k] = parameter->scale == KL_SCALE_LOG;
        coords.lo[k] = -HUGE_VAL, coords.hi[k] = HUGE_VAL;
        coords.theta[k] = point_of(parameter->name);
    }
    double x[N_PARAMETERS], gradient[N_PARAMETERS], times[REPEATS], value = 0;
    kl_coords_x(&coords, x);
    const kl_loss huber = {.threshold = 1e-3, .gain = 1, .over = 1, .under = 1};
    const kl_slopes slopes = {.gradient = gradient};
    const size_t calls = 3 + 5000000 / (n_rows + 100);
    for (int r = -1; r < REPEATS; r++) { /* the first round only warms up */
        const double start = seconds(true);
        for (size_t i = 0; i < calls; i++)
            value = kl_problem_value(&problem, &huber, &coords, x, &slopes, work);
        if (r >= 0) times[r] = 1e6 * (seconds(true) - start) / (double)calls;
    }
    qsort(times, REPEATS, sizeof *times, by_size);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const double middle = times[REPEATS / 2];
    printf("%zu,%.4g,%.2g,%zu,%.1f,%.15g\n", n_rows, middle,
           100 * (times[REPEATS * 3 / 4] - times[REPEATS / 4]) / middle,
           REPEATS * calls, (double)usage.ru_maxrss / 1024, value);
out:
    kl_frame_free(frame);
    kl_program_free(program);
    kl_arena_free(&arena);
    return rc;
}

static kl_status bench_fit(const char *label, const kl_law *law, const kl_table *runs,
                           const kl_fit_options *opt, kl_error *err)
{
    kl_fit *fit = NULL;
    const bool one_thread = opt->threads == 1;
    const double start = seconds(one_thread);
    const kl_status rc = kl_fit_run(&fit, runs, law, opt, err);
    const double spent = seconds(one_thread) - start;
    if (!rc) {
        const kl_fit_summary s = kl_fit_get_summary(fit);
        printf("%s;%zu;%.4g;%.3g;%.12g\n", label, s.starts,
               1e3 * spent / (double)s.starts,
               100 * (double)s.starts_at_best / (double)s.starts, s.value);
    }
    kl_fit_free(fit);
    return rc;
}

static kl_status bench_grid(const kl_law *law, const kl_table *runs, kl_error *err)
{
    kl_fit_options opt = kl_fit_options_default();
    opt.start_kind = KL_STARTS_GRID, opt.bootstrap = 0, opt.profile = false;
    opt.threads = 1;
    const kl_status rc = bench_fit("Kleiber, projected", law, runs, &opt, err);
    opt.solver = KL_SOLVER_PLAIN;
    return rc ? rc : bench_fit("Kleiber, plain", law, runs, &opt, err);
}

static kl_status bench_bootstrap(const kl_law *law, const kl_table *runs, int threads,
                                 kl_error *err)
{
    kl_fit_options opt = kl_fit_options_default();
    opt.bootstrap = BOOTSTRAP, opt.threads = threads;
    return bench_fit("Kleiber", law, runs, &opt, err);
}

int main(int argc, char **argv)
{
    kl_error err = {0};
    kl_table *runs = NULL;
    kl_law *law = NULL;
    kl_status rc = KL_E_USAGE;
    const char *what = argc > 2 ? argv[1] : "";
    snprintf(err.msg, sizeof err.msg, "see the first lines of bench/bench_kleiber.c");
    if (!strcmp(what, "data")) {
        rc = write_data(argv[2], argc > 3 ? argv[3] : NULL, &err);
        goto out;
    }
    if (argc < 3) goto out;
    if ((rc = kl_table_read(&runs, argv[2], NULL, &err))) goto out;
    if ((rc = kl_law_open(&law, "chinchilla", &err))) goto out;
    const size_t number = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
    rc = KL_E_USAGE;
    if (!strcmp(what, "objective") && number)
        rc = bench_objective(law, runs, number, &err);
    else if (!strcmp(what, "grid"))
        rc = bench_grid(law, runs, &err);
    else if (!strcmp(what, "bootstrap"))
        rc = bench_bootstrap(law, runs, (int)number, &err);
out:
    if (rc) fprintf(stderr, "bench_kleiber: %s\n", err.msg);
    kl_law_free(law);
    kl_table_free(runs);
    return kl_status_exit_code(rc);
}
