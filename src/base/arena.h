/*
 * arena.h - many allocations, one free. An object owns one arena; whatever belongs to
 * the object lives there. Memory comes zeroed and aligned to 64 bytes on request.
 */
#ifndef KL_BASE_ARENA_H
#define KL_BASE_ARENA_H

#include <stddef.h>

typedef struct kl_arena {
    struct arena_block *blocks; /* newest first */
    size_t used, room;          /* of the newest block */
} kl_arena;

/** Zero-initialise to begin: kl_arena a = {0}. */

/** `n` zeroed bytes aligned for any type; NULL if memory is short. n = 0 is allowed. */
void *kl_arena_alloc(kl_arena *a, size_t n);

/** n * size zeroed bytes; NULL also if the product overflows. */
void *kl_arena_array(kl_arena *a, size_t n, size_t size);

/** n doubles, zeroed, aligned to 64 bytes. */
double *kl_arena_doubles(kl_arena *a, size_t n);

/** Copy of a string, of n bytes of a string (zero-terminated); NULL if memory is
 * short. */
char *kl_arena_strdup(kl_arena *a, const char *s);
char *kl_arena_strndup(kl_arena *a, const char *s, size_t n);

/** Free everything; the arena is empty and may be used again. */
void kl_arena_free(kl_arena *a);

#endif
