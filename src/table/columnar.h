/* columnar.h - what a table is inside, shared by the files of this room. */
#ifndef KL_TABLE_COLUMNAR_H
#define KL_TABLE_COLUMNAR_H

#include "base/fail.h"
#include "table/column.h"

struct kl_table {
    kl_column **columns;
    size_t n_columns, room_columns;
    long *lines; /* of each row in its source */
    size_t n_rows, room_rows;
    char *path;
    char sha256[65];
    kl_table_counts counts;
};

/** Column by name; NULL if there is none. */
kl_column *kl_table_find(const kl_table *t, const char *name);

/** As kl_table_find, or KL_E_USAGE with the nearest name and the names that exist. */
kl_status kl_table_require(kl_column **out, const kl_table *t, const char *name,
                           kl_error *err);

/** Append a column, which the table owns from now on (also on failure). */
kl_status kl_table_push(kl_table *t, kl_column *c, kl_error *err);

/** How messages call the source: its path, or "standard input". */
const char *kl_table_label(const kl_table *t);

/** Find the first present cell of a category column that is no number; false: none. */
bool kl_table_find_text(const kl_table *t, const kl_column *c, size_t *row);

#endif
