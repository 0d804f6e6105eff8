/*
 * fuzz_fit.c - a fit.json is refused, or read, used and written back to the same text.
 * What reads a fit must stand whatever it holds: prediction and accessors are called on
 * it.
 */
#include <kleiber/predict.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_WIDTH = 16 };

static void use(const kl_fit *fit)
{
    const kl_law *law = kl_fit_get_law(fit);
    double inputs[MAX_WIDTH];
    int32_t levels[MAX_WIDTH] = {0};
    kl_prediction p;
    const size_t n = kl_law_get_n_inputs(law), m = kl_law_get_n_indices(law);
    for (size_t i = 0; i < kl_fit_get_n_points(fit); i++)
        for (size_t k = 0; k < m; k++)
            if (kl_fit_get_point_code(fit, k, i) < 0) abort();
    if (n > MAX_WIDTH || m > MAX_WIDTH) return;
    for (size_t i = 0; i < n; i++) inputs[i] = 10;
    kl_predict(&p, fit, inputs, m ? levels : NULL, 1, NULL, NULL);
}

static void check_round_trip(const kl_fit *fit)
{
    char *once = NULL, *twice = NULL;
    kl_fit *again = NULL;
    if (kl_fit_to_json(&once, fit, NULL)) abort();
    if (kl_fit_from_json(&again, once, strlen(once), "written", NULL)) abort();
    if (kl_fit_to_json(&twice, again, NULL)) abort();
    if (strcmp(once, twice)) abort();
    free(once);
    free(twice);
    kl_fit_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kl_fit *fit;
    kl_error err = {0};
    const kl_status status =
        kl_fit_from_json(&fit, (const char *)data, size, "fit.json", &err);
    if ((status == KL_OK) != (fit != NULL)) abort();
    if (status && (err.code != status || !*err.msg)) abort();
    if (fit) {
        use(fit);
        check_round_trip(fit);
    }
    kl_fit_free(fit);
    return 0;
}
