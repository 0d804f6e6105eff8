/* test_table_data.c - outside files (docs/data.md): row counts, names, known values. */
#include "support/check.h"

#include <kleiber/table.h>

static kl_error err;

static kl_table *read_data(const char *name, const kl_table_options *opt)
{
    kl_table *t = NULL;
    check_ok(name, kl_table_read(&t, test_data_path(name), opt, &err), err);
    return t;
}

/* 245 points, 240 once the 5 highest losses are gone; hash and counts: docs/data.md. */
static void test_epoch_chinchilla(void **state)
{
    (void)state;
    kl_table_options opt = kl_table_options_default();
    const char *const let[] = {"D = C/(6*N)"};
    opt.map = "N=Model Size,C=Training FLOP";
    opt.units = "loss=nats per token,N=parameters,C=FLOP,D=tokens";
    opt.let = let;
    opt.n_let = 1;
    kl_table *t = read_data("epoch-chinchilla/svg_extracted_data.csv", &opt);
    assert_int_equal(kl_table_get_n_rows(t), 245);
    check_text("sha256", kl_table_get_sha256(t),
               "193478df4e90f040016431996c45682659306840ecdadf83cfb9cd5ca0aa1b30");
    const double *n = kl_table_get_numbers(t, "N"), *c = kl_table_get_numbers(t, "C"),
                 *d = kl_table_get_numbers(t, "D");
    /* two divisions, each rounded to half an ulp */
    for (size_t i = 0; i < 245; i++) check_close("D", d[i], c[i] / 6 / n[i], 4e-16);
    double highest = 0;
    check_ok("drop", kl_table_drop_largest(t, "loss", 5, &err), err);
    assert_int_equal(kl_table_get_n_rows(t), 240);
    const double *loss = kl_table_get_numbers(t, "loss");
    for (size_t i = 0; i < 240; i++) highest = fmax(highest, loss[i]);
    check_near("highest loss left", highest, 3.4059279641864753, 0); /* sort -g */
    kl_table_free(t);
}

static void test_gemstones(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t n_rows;
    } tables[] = {
        /* counted by wc -l */
        {"gemstones/hot.jsonl", 220},
        {"gemstones/cool_end.jsonl", 199},
        {"gemstones/hot_100b+.jsonl", 770},
        {"gemstones/hot_sampled_like_chinchilla.jsonl", 24},
        {"gemstones/slim_chinchilla.jsonl", 28},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        kl_table *t = read_data(tables[i].name, NULL);
        assert_int_equal(kl_table_get_n_rows(t), tables[i].n_rows);
        const double *loss = kl_table_get_numbers(t, "final_loss");
        assert_non_null(loss);
        for (size_t k = 0; k < tables[i].n_rows; k++)
            check_near(tables[i].name, loss[k], 3.5, 1.5); /* nats, 2 to 5 */
        kl_table_free(t);
    }
}

/* The five runs that the paper's scaling fits use (PROVENANCE of the file). */
static void test_overtraining(void **state)
{
    (void)state;
    kl_table_options opt = kl_table_options_default();
    const char *const where[] = {
        "corpus == 'rpj'",
        "multiplier == 1 && model != 'open_lm_1b' && model != 'open_lm_7b' || "
        "multiplier == 16 && model == 'd=96_l=8_h=4'"};
    kl_table *t = read_data("overtraining-testbed/runs.csv", &opt);
    assert_int_equal(kl_table_get_n_rows(t), 104);
    kl_table_free(t);
    opt.where = where;
    opt.n_where = 2;
    t = read_data("overtraining-testbed/runs.csv", &opt);
    assert_int_equal(kl_table_get_n_rows(t), 5);
    assert_int_equal(kl_table_get_counts(t).filtered, 99);
    kl_table_free(t);
}

/* A gzipped file; its hash is that of the bytes on disk. */
static void test_routed(void **state)
{
    (void)state;
    kl_table *t = read_data("unified-routed-lm/curves.csv.gz", NULL);
    assert_int_equal(kl_table_get_n_rows(t), 5799);
    check_text("sha256", kl_table_get_sha256(t),
               "c03e7531add85e594f368d33bac4a0220280be858a7ed12d147cf73af6a3819f");
    kl_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_epoch_chinchilla),
        cmocka_unit_test(test_gemstones),
        cmocka_unit_test(test_overtraining),
        cmocka_unit_test(test_routed),
    };
    return cmocka_run_group_tests_name("table data", tests, NULL, NULL);
}
