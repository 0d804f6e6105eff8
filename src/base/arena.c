/* arena.c - blocks of memory that are freed together. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16384, ALIGN = 64 };

struct arena_block {
    struct arena_block *next;
    unsigned char *data; /* aligned to ALIGN, inside this allocation */
};

static int add_block(kl_arena *a, size_t bytes)
{
    if (bytes > SIZE_MAX - ALIGN - sizeof(struct arena_block)) return 0;
    struct arena_block *b = calloc(1, sizeof *b + bytes + ALIGN);
    if (!b) return 0;
    const uintptr_t raw = (uintptr_t)(b + 1);
    b->data = (unsigned char *)(b + 1) + (ALIGN - raw % ALIGN) % ALIGN;
    b->next = a->blocks;
    a->blocks = b;
    a->used = 0;
    a->room = bytes;
    return 1;
}

static void *take(kl_arena *a, size_t n, size_t align)
{
    const size_t start = (a->used + align - 1) / align * align;
    if (!a->blocks || start > a->room || n > a->room - start) {
        if (!add_block(a, n > BLOCK_BYTES ? n : BLOCK_BYTES)) return NULL;
        a->used = n;
        return a->blocks->data;
    }
    a->used = start + n;
    return a->blocks->data + start;
}

void *kl_arena_alloc(kl_arena *a, size_t n)
{
    return take(a, n, 16);
}

void *kl_arena_array(kl_arena *a, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size) return NULL;
    return take(a, n * size, 16);
}

double *kl_arena_doubles(kl_arena *a, size_t n)
{
    if (n > SIZE_MAX / sizeof(double)) return NULL;
    return take(a, n * sizeof(double), ALIGN);
}

char *kl_arena_strndup(kl_arena *a, const char *s, size_t n)
{
    char *copy = take(a, n + 1, 1);
    if (!copy) return NULL;
    memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

char *kl_arena_strdup(kl_arena *a, const char *s)
{
    return kl_arena_strndup(a, s, strlen(s));
}

void kl_arena_free(kl_arena *a)
{
    for (struct arena_block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    memset(a, 0, sizeof *a);
}
