/* chinchilla.c - real and simulated runs for the tests of several rooms. */
#include "support/chinchilla.h"

#include "base/random.h"
#include "support/check.h"

const double chinchilla_truth[5] = {1.8, 480, 2100, 0.35, 0.37};

kl_table *chinchilla_runs(size_t dropped)
{
    static const char *const let[] = {"D = C/(6*N)"};
    kl_error err = {0};
    kl_table *runs = NULL;
    kl_table_options opt = kl_table_options_default();
    opt.map = "N=Model Size,C=Training FLOP";
    opt.let = let;
    opt.n_let = 1;
    const char *path = test_data_path("epoch-chinchilla/svg_extracted_data.csv");
    check_ok("read", kl_table_read(&runs, path, &opt, &err), err);
    if (dropped)
        check_ok("drop", kl_table_drop_largest(runs, "loss", dropped, &err), err);
    return runs;
}

double chinchilla_loss(double n, double d)
{
    const double *t = chinchilla_truth;
    return t[0] + t[1] * pow(n, -t[3]) + t[2] * pow(d, -t[4]);
}

kl_table *chinchilla_simulated(size_t n, double noise, uint64_t seed)
{
    kl_random r = kl_random_new(seed, 0);
    double *size = malloc(n * sizeof *size), *data = malloc(n * sizeof *data);
    double *loss = malloc(n * sizeof *loss);
    for (size_t i = 0; i < n; i++) {
        size[i] = pow(10, 7 + 3 * kl_random_uniform(&r));
        data[i] = pow(10, 9 + 3 * kl_random_uniform(&r));
        loss[i] = chinchilla_loss(size[i], data[i]) * exp(noise * kl_random_normal(&r));
    }
    kl_error err = {0};
    kl_table *t = NULL;
    check_ok("table", kl_table_new(&t, n, "simulated", &err), err);
    check_ok("N", kl_table_add_numbers(t, "N", size, &err), err);
    check_ok("D", kl_table_add_numbers(t, "D", data, &err), err);
    check_ok("loss", kl_table_add_numbers(t, "loss", loss, &err), err);
    free(size);
    free(data);
    free(loss);
    return t;
}

kl_law *chinchilla_law(const char *spec)
{
    kl_error err = {0};
    kl_law *law = NULL;
    check_ok(spec, kl_law_open(&law, spec, &err), err);
    return law;
}
