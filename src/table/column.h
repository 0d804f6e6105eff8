/*
 * column.h - one column while it is read and after.
 *
 * A column starts as numbers. The first present cell that is no number turns it into
 * categories; the texts of the earlier cells are then needed, so they are remembered
 * as long as they take at most RAW_BYTES (1 MiB). Beyond that a level that reads as a
 * number is written in the shortest form that reads back: "1.50" becomes "1.5".
 */
#ifndef KL_TABLE_COLUMN_H
#define KL_TABLE_COLUMN_H

#include "base/text.h"
#include "table/intern.h"

#include <kleiber/table.h>

typedef struct kl_column {
    char *name;
    const char *unit; /* canonical, static storage; NULL: undeclared */
    kl_column_kind kind;
    bool inferred;    /* the kind follows the cells, and may change as rows leave */
    double *numbers;  /* number column; NaN where missing */
    int32_t *codes;   /* category column; of a number column: made on demand */
    kl_intern levels; /* texts of the codes */
    size_t n, room;   /* cells */
    kl_text raw;      /* texts of the cells so far, each with its zero */
    bool raw_lost;    /* they grew too long */
} kl_column;

/** New empty column; NULL if memory is short. `name` is copied. */
kl_column *kl_column_new(const char *name, size_t n);

void kl_column_free(kl_column *c);

/* Append one cell. False if memory is short. */
bool kl_column_add_text(kl_column *c, const char *text, size_t n);
bool kl_column_add_number(kl_column *c, double value);

/** Append missing cells until there are n. */
bool kl_column_fill(kl_column *c, size_t n);

/** Forget what only further cells would need. */
void kl_column_finish(kl_column *c);

/** Code of a level by its text; -1 if there is none. Category columns only. */
int32_t kl_column_find_level(const kl_column *c, const char *text);

/** Make the codes of a number column: one level per distinct value. */
bool kl_column_make_codes(kl_column *c);

/**
 * A copy with the cells where keep[i]. Levels are numbered anew, and an inferred
 * category column whose remaining levels all read as numbers becomes a number column.
 * @return NULL if memory is short
 */
kl_column *kl_column_select(const kl_column *c, const bool *keep);

#endif
