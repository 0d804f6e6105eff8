/* text.c - growing text and edit distance. */
#include "base/text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool reserve(kl_text *t, size_t more)
{
    if (t->failed) return false;
    if (more < t->room - t->length && t->data) return true;
    size_t room = t->room ? t->room : 256;
    while (room - t->length <= more) {
        if (room > SIZE_MAX / 2) return t->failed = true, false;
        room *= 2;
    }
    char *data = realloc(t->data, room);
    if (!data) return t->failed = true, false;
    t->data = data;
    t->room = room;
    return true;
}

void kl_text_add_bytes(kl_text *t, const char *s, size_t n)
{
    if (!reserve(t, n)) return;
    memcpy(t->data + t->length, s, n);
    t->length += n;
    t->data[t->length] = '\0';
}

void kl_text_add(kl_text *t, const char *s)
{
    kl_text_add_bytes(t, s, strlen(s));
}

void kl_text_addf(kl_text *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0 || !reserve(t, (size_t)n)) {
        t->failed = true;
        return;
    }
    va_start(args, fmt);
    vsnprintf(t->data + t->length, (size_t)n + 1, fmt, args);
    va_end(args);
    t->length += (size_t)n;
}

char *kl_text_take(kl_text *t)
{
    if (!t->data && !t->failed) kl_text_add(t, "");
    char *data = t->failed ? NULL : t->data;
    if (t->failed) free(t->data);
    memset(t, 0, sizeof *t);
    return data;
}

void kl_text_free(kl_text *t)
{
    free(t->data);
    memset(t, 0, sizeof *t);
}

bool kl_text_is_utf8(const char *s, size_t n)
{
    const unsigned char *c = (const unsigned char *)s, *end = c + n;
    while (c < end) {
        const unsigned char lead = *c++;
        if (lead < 0x80) continue;
        const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        if (lead < 0xc2 || lead > 0xf4 || end - c < more) return false;
        /* the second byte's range keeps out what has a shorter form or no letter */
        const unsigned char lo = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        const unsigned char hi = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (c[0] < lo || c[0] > hi) return false;
        for (int k = 1; k < more; k++)
            if (c[k] < 0x80 || c[k] > 0xbf) return false;
        c += more;
    }
    return true;
}

enum { MAX_NAME = 63 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t kl_text_distance(const char *a, const char *b)
{
    const size_t n = strlen(a), m = strlen(b);
    if (n > MAX_NAME || m > MAX_NAME) return SIZE_MAX;
    size_t rows[3][MAX_NAME + 1]; /* distances for prefixes i-2, i-1, i of a */
    for (size_t j = 0; j <= m; j++) rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = rows[i % 3], *last = rows[(i + 2) % 3],
               *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            const size_t replace = last[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = least(replace, least(last[j], now[j - 1]) + 1);
            const bool swapped =
                i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

const char *kl_text_nearest(const char *name, const char *const *names, size_t n)
{
    const char *best = NULL;
    size_t best_distance = 1 + strlen(name) / 3; /* further than this is no help */
    for (size_t i = 0; i < n; i++) {
        const size_t d = kl_text_distance(name, names[i]);
        /* nothing of the name would be left, unless only its case is wrong */
        if (d >= strlen(name) && strcasecmp(name, names[i])) continue;
        if (d <= best_distance && (!best || d < best_distance)) {
            best = names[i];
            best_distance = d;
        }
    }
    return best;
}
