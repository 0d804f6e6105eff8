/* fuzz_table.c - a table read from hostile bytes must keep its promises. */
#include "fuzz/fuzz_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64];

static void remove_file(void)
{
    unlink(path);
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
    if (!*path) {
        /* in memory where there is such a place: this happens thousands of times a
         * second */
        const char *folder = access("/dev/shm", W_OK) ? "." : "/dev/shm";
        snprintf(path, sizeof path, "%s/kleiber-fuzz-%ld", folder, (long)getpid());
        atexit(remove_file);
    }
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(data, 1, size, f) != size || fclose(f)) abort();
    return path;
}

static void use_column(const kl_table *t, const char *name)
{
    const double *numbers;
    const int32_t *codes;
    kl_error err = {0};
    const size_t n = kl_table_get_n_rows(t);
    const bool is_number = kl_table_get_kind(t, name) == KL_COLUMN_NUMBER;
    const kl_status status = kl_table_require_numbers(&numbers, t, name, &err);
    if (is_number != !status || is_number != (numbers != NULL)) abort();
    if (status && (status != KL_E_PARSE || !*err.msg)) abort();
    const kl_status refused = kl_table_require_codes(&codes, t, name, &err);
    if (refused) { /* only text that is not UTF-8, with its line */
        if (refused != KL_E_PARSE || codes || !strstr(err.msg, "UTF-8")) abort();
        return;
    }
    const size_t n_levels = kl_table_get_n_levels(t, name);
    int32_t highest = -1;
    for (size_t i = 0; i < n; i++) {
        if (codes[i] > highest + 1 || codes[i] < -1) abort(); /* order of appearance */
        if (codes[i] > highest) highest = codes[i];
        if (is_number && isnan(numbers[i]) != (codes[i] < 0)) abort();
    }
    if ((size_t)(highest + 1) != n_levels) abort();
    for (size_t i = 0; i < n_levels; i++)
        if (!kl_table_get_level(t, name, i)) abort();
}

/* A formula over the first column, under any name. */
static void change_table(kl_table *t)
{
    char text[400];
    const char *name = kl_table_get_column_name(t, 0);
    const bool is_number = kl_table_get_kind(t, name) == KL_COLUMN_NUMBER;
    const size_t n = kl_table_get_n_rows(t);
    if (strlen(name) < 100) {
        snprintf(text, sizeof text, "`new column` = 2 * `%s`", name);
        kl_table_derive(t, text, NULL);
        snprintf(text, sizeof text, "`%s` != '%.100s'", name,
                 is_number ? "1" : kl_table_get_level(t, name, 0));
        kl_table_filter(t, text, NULL);
    }
    if (is_number && !kl_table_drop_largest(t, name, 1, NULL) &&
        kl_table_get_n_rows(t) >= n)
        abort();
}

void fuzz_read(const char *file, const kl_table_options *opt)
{
    kl_table *t;
    kl_error err = {0};
    const kl_status status = kl_table_read(&t, file, opt, &err);
    if ((status == KL_OK) != (t != NULL)) abort();
    if (status) {
        if (err.code != status || !*err.msg || status == KL_E_INTERNAL) abort();
        return;
    }
    const size_t n = kl_table_get_n_rows(t);
    if (!n || n > opt->max_rows || !kl_table_get_n_columns(t)) abort();
    if (strlen(kl_table_get_sha256(t)) != 64) abort();
    for (size_t i = 0; i < n; i++)
        if (kl_table_get_line(t, i) < 1) abort();
    for (size_t i = 0; i < kl_table_get_n_columns(t); i++)
        use_column(t, kl_table_get_column_name(t, i));
    change_table(t);
    for (size_t i = 0; i < kl_table_get_n_columns(t); i++)
        use_column(t, kl_table_get_column_name(t, i));
    kl_table_free(t);
}
