/* test_fit_solver.c - the fit room's parts: derivatives, bounded least squares,
 * eigenvalues, quantiles, order statistics, the trust region on problems with known
 * answers. */
#include "support/check.h"

#include "base/random.h"
#include "fit/bounded_ls.h"
#include "fit/dense.h"
#include "fit/goal.h"
#include "fit/newton.h"
#include "fit/order.h"
#include "fit/student.h"

#include <stdio.h>

enum { ROWS = 150, WIDTH = 5 }; /* more than one block, no whole number of lanes */

/* A small Chinchilla problem, built by hand. */
typedef struct rig {
    kl_arena arena;
    kl_formula *formula;
    kl_program *program;
    kl_frame *frame;
    kl_problem problem;
    kl_coords coords;
    kl_work *work;
    double n[ROWS], d[ROWS], target[ROWS], weight[ROWS];
} rig;

static void rig_make(rig *g, kl_link link)
{
    static const char *const names[] = {"E", "A", "alpha", "B", "beta"};
    kl_error err = {0};
    kl_symbol symbols[7] = {
        {.name = "N", .kind = KL_SYMBOL_INPUT, .slot = 0, .n_levels = 1},
        {.name = "D", .kind = KL_SYMBOL_INPUT, .slot = 1, .n_levels = 1}};
    for (size_t i = 0; i < WIDTH; i++)
        symbols[2 + i] = (kl_symbol){
            .name = names[i], .kind = KL_SYMBOL_PARAMETER, .slot = i, .n_levels = 1};
    memset(g, 0, sizeof *g);
    kl_random r = kl_random_new(5, 0);
    for (size_t i = 0; i < ROWS; i++) {
        g->n[i] = pow(10, 7 + 3 * kl_random_uniform(&r));
        g->d[i] = pow(10, 9 + 2 * kl_random_uniform(&r));
        const double y = 1.8 + 480 * pow(g->n[i], -.35) + 2100 * pow(g->d[i], -.37);
        const double noisy = y * exp(0.01 * kl_random_normal(&r));
        g->target[i] = link == KL_LINK_LINEAR ? noisy : log(noisy);
        g->weight[i] = 0.5 + kl_random_uniform(&r);
    }
    const double *numbers[] = {g->n, g->d};
    const kl_columns cols = {ROWS, numbers, NULL};
    check_ok("parse",
             kl_formula_parse(&g->formula, "E + A/N^alpha + B/D^beta", "law", &err),
             err);
    check_ok("program", kl_program_new(&g->program, g->formula, symbols, 7, &err), err);
    check_ok("frame", kl_frame_new(&g->frame, g->program, &cols, &err), err);
    g->problem =
        (kl_problem){g->program, g->frame, ROWS, g->target, g->weight, link, WIDTH};
    g->work = kl_work_new(&g->arena, g->program, WIDTH);
    assert_non_null(g->work);
    assert_true(kl_coords_new(&g->coords, &g->arena, WIDTH));
    g->coords.n = WIDTH;
    for (size_t j = 0; j < WIDTH; j++) {
        g->coords.slot[j] = j;
        g->coords.is_log[j] = names[j][0] < 'a';
        g->coords.lo[j] = -HUGE_VAL;
        g->coords.hi[j] = HUGE_VAL;
    }
}

static void rig_free(rig *g)
{
    kl_frame_free(g->frame);
    kl_program_free(g->program);
    kl_formula_free(g->formula);
    kl_arena_free(&g->arena);
}

static void objective_derivatives_match_differences(void **state)
{
    (void)state;
    static const kl_link links[] = {KL_LINK_LOG, KL_LINK_LINEAR, KL_LINK_RELATIVE};
    /* a threshold that no residual crosses in the small steps taken below */
    const kl_loss losses[] = {{HUGE_VAL, 2, 1, 1}, {0.02, 1, 1, 1}, {0.02, 3, 10, 1}};
    for (size_t l = 0; l < 3; l++)
        for (size_t k = 0; k < 3; k++) {
            rig g;
            rig_make(&g, links[l]);
            double x[WIDTH] = {log(1.7), log(400), 0.34, log(2500), 0.38};
            double gradient[WIDTH], hessian[WIDTH * WIDTH], up[WIDTH], down[WIDTH];
            const kl_slopes s = {gradient, hessian, NULL};
            kl_problem_value(&g.problem, &losses[k], &g.coords, x, &s, g.work);
            double size_g = 0, size_h = 0;
            for (size_t i = 0; i < WIDTH; i++) size_g = fmax(size_g, fabs(gradient[i]));
            for (size_t i = 0; i < WIDTH * WIDTH; i++)
                size_h = fmax(size_h, fabs(hessian[i]));
            for (size_t j = 0; j < WIDTH; j++) {
                const double x0 = x[j],
                             h = 1e-5; /* eps^(1/3): best for central differences */
                const kl_slopes su = {up, NULL, NULL}, sd = {down, NULL, NULL};
                x[j] = x0 + h;
                const double fu =
                    kl_problem_value(&g.problem, &losses[k], &g.coords, x, &su, g.work);
                x[j] = x0 - h;
                const double fd =
                    kl_problem_value(&g.problem, &losses[k], &g.coords, x, &sd, g.work);
                x[j] = x0;
                /* rounding eps/h and truncation h^2, both near 1e-10 of the largest */
                check_near("gradient", gradient[j], (fu - fd) / (2 * h), 1e-7 * size_g);
                if (k > 0)
                    continue; /* kinks make second differences of Huber's uneven */
                for (size_t i = 0; i < WIDTH; i++)
                    check_near("hessian", hessian[i * WIDTH + j],
                               (up[i] - down[i]) / (2 * h), 1e-6 * size_h);
            }
            rig_free(&g);
        }
}

static void search_meets_its_certificate(void **state)
{
    (void)state;
    static const kl_objective objectives[] = {KL_OBJECTIVE_HUBER, KL_OBJECTIVE_SQUARED,
                                              KL_OBJECTIVE_ASYMMETRIC,
                                              KL_OBJECTIVE_HUBER_MLE};
    const double lo[WIDTH] = {0, 0, 0, 0, 0};
    const double hi[WIDTH] = {HUGE_VAL, HUGE_VAL, 2, HUGE_VAL, 2};
    for (size_t k = 0; k < 4; k++) {
        rig g;
        rig_make(&g, KL_LINK_LOG);
        const kl_goal goal = {objectives[k], 1e-3, 10, 0.5, KL_SOLVER_PROJECT, 500};
        kl_search *s = kl_search_new(&g.arena, g.program, WIDTH, lo, hi, ROWS);
        double theta[WIDTH] = {1, 1, 1, 1, 1}, x[WIDTH], gradient[WIDTH],
               h[WIDTH * WIDTH];
        const kl_arrival a = kl_search_run(s, &goal, &g.problem, &g.coords, theta,
                                           &(kl_path){false, NULL});
        assert_true(a.converged);
        memcpy(g.coords.theta, theta, sizeof theta);
        kl_coords_x(&g.coords, x);
        const kl_loss loss = kl_goal_loss(&goal, a.threshold);
        const kl_slopes slopes = {gradient, h, NULL};
        kl_problem_value(&g.problem, &loss, &g.coords, x, &slopes, g.work);
        double size = 0; /* of one row's part of the gradient, summed without signs */
        for (size_t i = 0; i < ROWS; i++)
            size += loss.gain * fmin(loss.threshold, 0.01) * loss.over;
        /* sums of 150 terms; the likelihood's threshold is near 5e-9, against which the
         * residuals' own rounding of 1e-16 times |dr/dx| of 20 is 4e-7 for each of 5
         * rows */
        const double tolerance = loss.threshold < 1e-6 ? 2e-8 : 1e-9;
        for (size_t j = 0; j < WIDTH; j++)
            check_near(kl_objective_text(objectives[k]), gradient[j] / size, 0,
                       tolerance);
        double w[WIDTH], v[WIDTH * WIDTH];
        kl_dense_eigen(h, WIDTH, w, v);
        check_at_most("no direction of descent", -w[0], 1e-9 * w[WIDTH - 1]);
        rig_free(&g);
    }
}

static void bounded_least_squares_meets_kkt(void **state)
{
    (void)state;
    enum { N = 5, TRIES = 500 };
    kl_random r = kl_random_new(9, 0);
    for (int t = 0; t < TRIES; t++) {
        double m[N * N], a[N * N], g[N], c[N], start[N], scratch[N * (N + 4)];
        bool inside[N];
        const double lo[N] = {0, 0, 0, -1, -HUGE_VAL},
                     hi[N] = {HUGE_VAL, HUGE_VAL, 1, 1, HUGE_VAL};
        for (int i = 0; i < N * N; i++) m[i] = kl_random_normal(&r);
        for (int i = 0; i < N; i++) {
            g[i] = kl_random_normal(&r);
            start[i] = c[i] = fmin(fmax(kl_random_normal(&r), lo[i]), hi[i]);
            for (int j = 0; j < N; j++) {
                a[i * N + j] = 0;
                for (int k = 0; k < N; k++) a[i * N + j] += m[k * N + i] * m[k * N + j];
            }
        }
        kl_bounded_ls(c, N, a, g, lo, hi, inside, scratch);
        for (int i = 0; i < N; i++) {
            double slope = g[i];
            for (int j = 0; j < N; j++) slope += a[i * N + j] * (c[j] - start[j]);
            assert_true(c[i] >= lo[i] && c[i] <= hi[i]);
            /* sign conditions, to the ridge of 1e-13 times condition numbers of 1e4 */
            if (c[i] > lo[i]) check_at_most("slope inside or above", slope, 1e-7);
            if (c[i] < hi[i]) check_at_most("slope inside or below", -slope, 1e-7);
        }
    }
}

static void eigen_decomposition_rebuilds_its_matrix(void **state)
{
    (void)state;
    enum { N = 6 };
    kl_random r = kl_random_new(3, 0);
    double a[N * N], copy[N * N], w[N], v[N * N];
    for (int i = 0; i < N; i++)
        for (int j = 0; j <= i; j++) a[i * N + j] = a[j * N + i] = kl_random_normal(&r);
    memcpy(copy, a, sizeof a);
    kl_dense_eigen(copy, N, w, v);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double sum = 0, dot = 0;
            for (int k = 0; k < N; k++) {
                sum += v[i * N + k] * w[k] * v[j * N + k];
                dot += v[k * N + i] * v[k * N + j];
            }
            check_near("V W V^T", sum, a[i * N + j], 1e-13); /* a few ulps of norm 5 */
            check_near("V^T V", dot, i == j, 1e-14);
        }
    for (int i = 1; i < N; i++) assert_true(w[i - 1] <= w[i]);
}

static void quantiles_match_printed_tables(void **state)
{
    (void)state;
    /* any table of Student's t distribution */
    check_near("t .975 1", kl_student_quantile(0.975, 1), 12.7062047362, 1e-9);
    check_near("t .95 5", kl_student_quantile(0.95, 5), 2.0150483733, 1e-9);
    check_near("t .975 30", kl_student_quantile(0.975, 30), 2.0422724563, 1e-9);
    check_near("t .025 30", kl_student_quantile(0.025, 30), -2.0422724563, 1e-9);
    check_near("t .5", kl_student_quantile(0.5, 7), 0, 0);
}

static void order_statistics(void **state)
{
    (void)state;
    double odd[] = {5, 1, 4, 2, 3}, even[] = {4, 1, 3, 2}, ties[] = {2, 2, 2, 1};
    check_near("odd", kl_order_median(odd, 5), 3, 0);
    check_near("even", kl_order_median(even, 4), 2.5, 0);
    check_near("ties", kl_order_median(ties, 4), 2, 0);
    check_near("quartile", kl_order_quantile(odd, 5, 0.25), 2, 0);
    check_near("between", kl_order_quantile(odd, 5, 0.9), 4.6, 1e-15);
    check_near("largest", kl_order_quantile(odd, 5, 1), 5, 0);
    double ends[] = {HUGE_VAL, 1, HUGE_VAL};
    assert_true(kl_order_quantile(ends, 3, 0.9) == HUGE_VAL); /* not inf - inf */
    kl_random r = kl_random_new(1, 1);
    for (int t = 0; t < 2000; t++) { /* against sorting */
        double v[40], s[40];
        const size_t n = 1 + kl_random_below(&r, 40);
        for (size_t i = 0; i < n; i++) s[i] = v[i] = (double)kl_random_below(&r, 10);
        kl_order_sort(s, n);
        check_near("median", kl_order_median(v, n), 0.5 * (s[(n - 1) / 2] + s[n / 2]),
                   0);
        const size_t k = kl_random_below(&r, n);
        const double q = n > 1 ? (double)k / (double)(n - 1) : 0.5;
        /* rounding of q (n - 1) may step below k, by 1e-16 of a gap of at most 9 */
        check_near("quantile", kl_order_quantile(v, n, q), s[k], 1e-13);
    }
}

static void huber_normaliser_matches_quadrature(void **state)
{
    (void)state;
    static const double deltas[] = {1e-3, 0.5, 1.345};
    for (size_t k = 0; k < 3; k++) {
        const double d = deltas[k];
        double inside = 0;
        enum { STEPS = 2000 };
        for (int i = 0; i < STEPS; i++) { /* midpoint rule on [-d, d] */
            const double z = d * (2 * (i + 0.5) / STEPS - 1);
            inside += exp(-0.5 * z * z) * 2 * d / STEPS;
        }
        const double tails = 2 * exp(-0.5 * d * d) / d;
        check_close("Z", exp(kl_huber_ln_z(d)), inside + tails, 1e-6); /* of the rule */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objective_derivatives_match_differences),
        cmocka_unit_test(search_meets_its_certificate),
        cmocka_unit_test(bounded_least_squares_meets_kkt),
        cmocka_unit_test(eigen_decomposition_rebuilds_its_matrix),
        cmocka_unit_test(quantiles_match_printed_tables),
        cmocka_unit_test(order_statistics),
        cmocka_unit_test(huber_normaliser_matches_quadrature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
