/* text.h - text that grows, and the nearest of some names, for messages. */
#ifndef KL_BASE_TEXT_H
#define KL_BASE_TEXT_H

#include "base/fail.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Growing text. Zero-initialise. After a failed allocation it stays as it was and
 * `failed` is true: check once, at the end. */
typedef struct kl_text {
    char *data; /* zero-terminated once something was added; NULL before */
    size_t length, room;
    bool failed;
} kl_text;

void kl_text_add(kl_text *t, const char *s);
void kl_text_add_bytes(kl_text *t, const char *s, size_t n);
void kl_text_addf(kl_text *t, const char *fmt, ...) KL_PRINTF(2, 3);

/** Hand over the text (malloc'd, free it); NULL if an addition failed. Empties `t`. */
char *kl_text_take(kl_text *t);

void kl_text_free(kl_text *t);

/** True if bytes are UTF-8: no overlong forms, surrogates or values above U+10FFFF. */
bool kl_text_is_utf8(const char *s, size_t n);

/** Number of one-letter edits (insert, delete, replace, swap) that turn a into b; names
 * longer than 63 bytes count as far apart (SIZE_MAX). */
size_t kl_text_distance(const char *a, const char *b);

/** The nearest of n names if it is near enough to be what was meant, else NULL. */
const char *kl_text_nearest(const char *name, const char *const *names, size_t n);

#endif
