/* intern.h - a set of byte strings, numbered in order of first appearance. */
#ifndef KL_TABLE_INTERN_H
#define KL_TABLE_INTERN_H

#include "base/arena.h"

#include <stdint.h>

/* Zero-initialise. Strings are copied and zero-terminated. */
typedef struct kl_intern {
    kl_arena arena;
    const char **items; /* item of each number */
    size_t *lengths;
    size_t n, room;
    uint32_t *hashes; /* of each number */
    int32_t *slots;   /* open addressing: number + 1, 0 is free */
    size_t n_slots;   /* 0 or a power of two */
} kl_intern;

/** Number of a string, which is added if new; -1 if memory is short. */
int32_t kl_intern_add(kl_intern *in, const char *s, size_t n);

/** Number of a string; -1 if it is not in the set. */
int32_t kl_intern_find(const kl_intern *in, const char *s, size_t n);

/** Free everything; the set is empty and may be used again. */
void kl_intern_free(kl_intern *in);

#endif
