/* test_law_alloc.c - every allocation of the law calls is made to fail once. */
#include "support/check.h"
#include "support/fault.h"

#include <kleiber/law.h>

static kl_status open_and_free(void *ctx, kl_error *err)
{
    const char *spec = *(const char **)ctx;
    kl_law *law;
    const kl_status status = kl_law_open(&law, spec, err);
    assert_true((status == KL_OK) == (law != NULL));
    kl_law_free(law);
    return status;
}

static kl_status resolve(void *ctx, kl_error *err)
{
    const char *spec = *(const char **)ctx;
    const char *const columns[] = {"N", "x", "corpus"};
    kl_law *law;
    kl_status status = kl_law_open(&law, spec, err);
    if (!status) status = kl_law_resolve(law, columns, 3, err);
    if (!status) status = kl_law_set_target(law, "error", err);
    kl_law_free(law);
    return status;
}

static kl_status copy(void *law, kl_error *err)
{
    kl_law *other;
    const kl_status status = kl_law_copy(&other, law, err);
    assert_true((status == KL_OK) == (other != NULL));
    kl_law_free(other);
    return status;
}

static kl_status write_yaml(void *law, kl_error *err)
{
    char *yaml;
    const kl_status status = kl_law_to_yaml(&yaml, law, err);
    assert_true((status == KL_OK) == (yaml != NULL));
    free(yaml);
    return status;
}

/* A refusal that lists names allocates too: it may turn into "out of memory". */
static kl_status refuse(void *ctx, kl_error *err)
{
    const kl_status status = open_and_free(ctx, err);
    return status == KL_E_USAGE ? KL_OK : status;
}

static void sweep_spec(const char *label, kl_status (*call)(void *ctx, kl_error *err),
                       const char *spec)
{
    fault_sweep(label, call, &spec);
}

static void test_open(void **state)
{
    (void)state;
    sweep_spec("name", open_and_free, "chinchilla@hoffmann2022:rounded");
    sweep_spec("file", open_and_free, KL_SOURCE_DIR "/laws/bnsl-3.yaml");
    sweep_spec("formula", open_and_free, "k = a*2; E[corpus] + A*N^-k");
    sweep_spec("unknown law", refuse, "zebra");
    sweep_spec("unknown fit", refuse, "chinchilla@zebra");
}

static void test_resolve(void **state)
{
    (void)state;
    sweep_spec("power", resolve, "E[corpus] + A*N^-a");
    sweep_spec("regression", resolve, "a + b*log(x)");
}

static void test_copy_and_write(void **state)
{
    (void)state;
    kl_law *law;
    kl_error err = {0};
    check_ok("open", kl_law_open(&law, "chinchilla", &err), err);
    fault_sweep("copy", copy, law);
    fault_sweep("write", write_yaml, law);
    kl_law_free(law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_resolve),
        cmocka_unit_test(test_copy_and_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
