/* intern.c - hash table with open addressing over an arena of strings. */
#include "table/intern.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 16, MAX_ITEMS = INT32_MAX / 4 };

/* Eight bytes at a time through a multiply and a shift, as in splitmix64. */
static uint32_t hash_bytes(const char *s, size_t n)
{
    uint64_t h = 0x9e3779b97f4a7c15u ^ n;
    while (n) {
        uint64_t word = 0;
        const size_t take = n < 8 ? n : 8;
        memcpy(&word, s, take);
        h = (h ^ word) * 0xbf58476d1ce4e5b9u;
        h ^= h >> 31;
        s += take;
        n -= take;
    }
    h *= 0x94d049bb133111ebu;
    return (uint32_t)(h >> 32);
}

/* The slot that holds the string, or the free one where it belongs. */
static size_t find_slot(const kl_intern *in, const char *s, size_t n, uint32_t hash)
{
    size_t i = hash & (in->n_slots - 1);
    for (; in->slots[i]; i = (i + 1) & (in->n_slots - 1)) {
        const size_t k = (size_t)in->slots[i] - 1;
        if (in->hashes[k] == hash && in->lengths[k] == n && !memcmp(in->items[k], s, n))
            break;
    }
    return i;
}

/* Room for twice the items, and two slots for each. */
static bool grow(kl_intern *in)
{
    const size_t room = in->room ? 2 * in->room : FIRST_ROOM;
    if (room > MAX_ITEMS) return false;
    const char **items = realloc(in->items, room * sizeof *items);
    if (items) in->items = items;
    size_t *lengths = realloc(in->lengths, room * sizeof *lengths);
    if (lengths) in->lengths = lengths;
    uint32_t *hashes = realloc(in->hashes, room * sizeof *hashes);
    if (hashes) in->hashes = hashes;
    int32_t *slots = calloc(2 * room, sizeof *slots);
    if (!items || !lengths || !hashes || !slots) {
        free(slots);
        return false;
    }
    free(in->slots);
    in->slots = slots;
    in->n_slots = 2 * room;
    in->room = room;
    for (size_t k = 0; k < in->n; k++) {
        size_t i = in->hashes[k] & (in->n_slots - 1);
        while (in->slots[i]) i = (i + 1) & (in->n_slots - 1);
        in->slots[i] = (int32_t)k + 1;
    }
    return true;
}

int32_t kl_intern_find(const kl_intern *in, const char *s, size_t n)
{
    if (!in->n_slots) return -1;
    return in->slots[find_slot(in, s, n, hash_bytes(s, n))] - 1;
}

int32_t kl_intern_add(kl_intern *in, const char *s, size_t n)
{
    const uint32_t hash = hash_bytes(s, n);
    if (in->n_slots) {
        const int32_t known = in->slots[find_slot(in, s, n, hash)];
        if (known) return known - 1;
    }
    if (in->n == in->room && !grow(in)) return -1;
    const char *copy = kl_arena_strndup(&in->arena, s, n);
    if (!copy) return -1;
    const size_t k = in->n++;
    in->items[k] = copy;
    in->lengths[k] = n;
    in->hashes[k] = hash;
    in->slots[find_slot(in, s, n, hash)] = (int32_t)k + 1;
    return (int32_t)k;
}

void kl_intern_free(kl_intern *in)
{
    kl_arena_free(&in->arena);
    free(in->items);
    free(in->lengths);
    free(in->hashes);
    free(in->slots);
    memset(in, 0, sizeof *in);
}
