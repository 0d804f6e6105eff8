/* assign.h - "NAME=text,NAME=text" lists, as --map and --units write them. */
#ifndef KL_TABLE_ASSIGN_H
#define KL_TABLE_ASSIGN_H

#include "base/fail.h"

#include <stddef.h>

/* One "left=right"; both sides trimmed and without back-quotes, each malloc'd. */
typedef struct kl_assignment {
    char *left, *right;
} kl_assignment;

/**
 * Split a list at commas and each part at its first '='; neither inside back-quotes.
 * @param      list   NULL or "" gives none
 * @param      option how messages call the list, e.g. "--map"
 * @param[out] out    *n assignments; free with kl_assignments_free; NULL on failure
 */
kl_status kl_assignments_split(kl_assignment **out, size_t *n, const char *list,
                               const char *option, kl_error *err);

void kl_assignments_free(kl_assignment *a, size_t n);

/** Bytes of text before the first of `stop` that is not inside back-quotes. */
size_t kl_assign_span(const char *text, const char *stop);

/** Copy of text[0..n) without blanks and back-quotes around it; NULL: no memory. */
char *kl_assign_unquote(const char *text, size_t n);

#endif
