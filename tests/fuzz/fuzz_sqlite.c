/* fuzz_sqlite.c - bytes as a database file, or, without its magic, as a query. */
#include "fuzz/fuzz_table.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A small database as bytes, made once. */
static const uint8_t *make_database(size_t *size)
{
    static unsigned char *image;
    static sqlite3_int64 n;
    if (!image) {
        sqlite3 *db = NULL;
        if (sqlite3_open(":memory:", &db) ||
            sqlite3_exec(
                db,
                "CREATE TABLE runs (N, loss REAL, corpus TEXT);"
                "INSERT INTO runs VALUES ('7B', 2.5, 'web'), (1e9, NULL, 'books');"
                "CREATE TABLE other (x); INSERT INTO other VALUES (x'00')",
                NULL, NULL, NULL))
            abort();
        image = sqlite3_serialize(db, "main", &n, 0);
        if (!image) abort();
        sqlite3_close(db);
    }
    *size = (size_t)n;
    return image;
}

/* Whatever the query was, the file must be as before. */
static void fuzz_query(const uint8_t *data, size_t size)
{
    size_t n;
    const uint8_t *image = make_database(&n);
    char *query = malloc(size + 1);
    if (!query) abort();
    memcpy(query, data, size);
    query[size] = '\0';
    kl_table_options opt = kl_table_options_default(), whole = opt;
    kl_table *before, *after;
    const char *path = fuzz_file(image, n);
    opt.format = whole.format = "sqlite";
    opt.max_rows = 100; /* also bounds the steps of a query */
    opt.max_line_bytes = 100000;
    opt.query = query;
    whole.table = "runs";
    if (kl_table_read(&before, path, &whole, NULL)) abort();
    fuzz_read(path, &opt);
    if (kl_table_read(&after, path, &whole, NULL)) abort();
    if (strcmp(kl_table_get_sha256(before), kl_table_get_sha256(after))) abort();
    kl_table_free(before);
    kl_table_free(after);
    free(query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 6 || memcmp(data, "SQLite", 6)) {
        fuzz_query(data, size);
        return 0;
    }
    kl_table_options opt = kl_table_options_default();
    const char *path = fuzz_file(data, size);
    opt.format = "sqlite";
    opt.max_rows = 100;
    opt.max_line_bytes = 100000;
    fuzz_read(path, &opt);
    opt.query = "SELECT * FROM sqlite_master";
    fuzz_read(path, &opt);
    return 0;
}
