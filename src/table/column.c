/* column.c - cells to numbers, and to categories once a cell is no number. */
#include "table/column.h"

#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64, RAW_BYTES = 1 << 20, MAX_FORMAT = 32 };

kl_column *kl_column_new(const char *name, size_t n)
{
    kl_column *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->inferred = true;
    c->name = strndup(name, n);
    if (c->name) return c;
    free(c);
    return NULL;
}

void kl_column_free(kl_column *c)
{
    if (!c) return;
    free(c->name);
    free(c->numbers);
    free(c->codes);
    kl_intern_free(&c->levels);
    kl_text_free(&c->raw);
    free(c);
}

static bool reserve(kl_column *c)
{
    if (c->n < c->room) return true;
    const size_t room = c->room ? 2 * c->room : FIRST_ROOM;
    const bool number = c->kind == KL_COLUMN_NUMBER;
    const size_t size = number ? sizeof *c->numbers : sizeof *c->codes;
    if (room > SIZE_MAX / size) return false;
    void *more = realloc(number ? (void *)c->numbers : (void *)c->codes, room * size);
    if (!more) return false;
    if (number)
        c->numbers = more;
    else
        c->codes = more;
    c->room = room;
    return true;
}

static int32_t intern_number(kl_column *c, double value)
{
    char buf[MAX_FORMAT];
    kl_number_format_exact(buf, value == 0 ? 0 : value); /* one zero */
    return kl_intern_add(&c->levels, buf, strlen(buf));
}

/* Code of a text; false if memory is short. */
static bool intern_text(kl_column *c, const char *text, size_t n, int32_t *code)
{
    double value;
    *code = -1;
    if (c->raw_lost && kl_number_parse(text, n, &value)) {
        if (isnan(value)) return true;
        *code = intern_number(c, value);
    } else {
        *code = kl_intern_add(&c->levels, text, n);
    }
    return *code >= 0;
}

static void remember(kl_column *c, const char *text, size_t n)
{
    if (c->raw_lost) return;
    kl_text_add_bytes(&c->raw, text, n);
    kl_text_add_bytes(&c->raw, "", 1);
    if (c->raw.failed || c->raw.length > RAW_BYTES) {
        kl_text_free(&c->raw);
        c->raw_lost = true;
    }
}

static bool become_category(kl_column *c)
{
    int32_t *codes = malloc((c->room ? c->room : 1) * sizeof *codes);
    if (!codes) return false;
    const char *raw = c->raw.data;
    for (size_t i = 0; i < c->n; i++) {
        const size_t length = raw ? strlen(raw) : 0;
        bool ok = true;
        codes[i] = -1;
        if (length)
            ok = intern_text(c, raw, length, &codes[i]);
        else if (!isnan(c->numbers[i]))
            ok = (codes[i] = intern_number(c, c->numbers[i])) >= 0;
        if (!ok) {
            free(codes);
            return false;
        }
        if (raw) raw += length + 1;
    }
    free(c->numbers);
    c->numbers = NULL;
    c->codes = codes;
    c->kind = KL_COLUMN_CATEGORY;
    kl_text_free(&c->raw);
    return true;
}

bool kl_column_add_text(kl_column *c, const char *text, size_t n)
{
    double value;
    if (c->kind == KL_COLUMN_NUMBER) {
        if (kl_number_parse(text, n, &value)) {
            if (!reserve(c)) return false;
            remember(c, text, n);
            c->numbers[c->n++] = value;
            return true;
        }
        if (!become_category(c)) return false;
    }
    int32_t code;
    if (!reserve(c) || !intern_text(c, text, n, &code)) return false;
    c->codes[c->n++] = code;
    return true;
}

bool kl_column_add_number(kl_column *c, double value)
{
    if (!reserve(c)) return false;
    if (c->kind == KL_COLUMN_NUMBER) {
        remember(c, "", 0);
        c->numbers[c->n++] = value;
        return true;
    }
    const int32_t code = isnan(value) ? -1 : intern_number(c, value);
    if (code < 0 && !isnan(value)) return false;
    c->codes[c->n++] = code;
    return true;
}

bool kl_column_fill(kl_column *c, size_t n)
{
    while (c->n < n)
        if (!kl_column_add_number(c, NAN)) return false;
    return true;
}

void kl_column_finish(kl_column *c)
{
    kl_text_free(&c->raw);
}

int32_t kl_column_find_level(const kl_column *c, const char *text)
{
    double value;
    char buf[MAX_FORMAT];
    if (c->raw_lost && kl_number_parse(text, strlen(text), &value))
        text = kl_number_format_exact(buf, value == 0 ? 0 : value);
    return kl_intern_find(&c->levels, text, strlen(text));
}

bool kl_column_make_codes(kl_column *c)
{
    if (c->codes || c->kind == KL_COLUMN_CATEGORY) return true;
    int32_t *codes = malloc((c->n ? c->n : 1) * sizeof *codes);
    kl_intern values = {0}; /* by their bytes: formatting every cell would be slow */
    bool ok = codes;
    for (size_t i = 0; ok && i < c->n; i++) {
        const double value = c->numbers[i] == 0 ? 0 : c->numbers[i]; /* one zero */
        codes[i] = -1;
        if (isnan(value)) continue;
        codes[i] = kl_intern_add(&values, (const char *)&value, sizeof value);
        ok = codes[i] >= 0 &&
             ((size_t)codes[i] < c->levels.n || intern_number(c, value) >= 0);
    }
    kl_intern_free(&values);
    if (ok) {
        c->codes = codes;
    } else {
        free(codes);
        kl_intern_free(&c->levels);
    }
    return ok;
}

static bool levels_are_numbers(const kl_intern *levels)
{
    double value;
    for (size_t i = 0; i < levels->n; i++)
        if (!kl_number_parse(levels->items[i], levels->lengths[i], &value))
            return false;
    return true;
}

static bool select_categories(kl_column *out, const kl_column *c, const bool *keep)
{
    for (size_t i = 0; i < c->n; i++) {
        if (!keep[i]) continue;
        const int32_t from = c->codes[i];
        int32_t to = -1;
        if (from >= 0) {
            to = kl_intern_add(&out->levels, c->levels.items[from],
                               c->levels.lengths[from]);
            if (to < 0) return false;
        }
        if (!reserve(out)) return false;
        out->codes[out->n++] = to;
    }
    return true;
}

static bool become_numbers(kl_column *c)
{
    double *numbers = malloc((c->room ? c->room : 1) * sizeof *numbers);
    if (!numbers) return false;
    for (size_t i = 0; i < c->n; i++) {
        const int32_t code = c->codes[i];
        numbers[i] = NAN;
        if (code >= 0)
            kl_number_parse(c->levels.items[code], c->levels.lengths[code],
                            &numbers[i]);
    }
    free(c->codes);
    c->codes = NULL;
    kl_intern_free(&c->levels);
    c->numbers = numbers;
    c->kind = KL_COLUMN_NUMBER;
    return true;
}

kl_column *kl_column_select(const kl_column *c, const bool *keep)
{
    kl_column *out = kl_column_new(c->name, strlen(c->name));
    if (!out) return NULL;
    out->unit = c->unit;
    out->inferred = c->inferred;
    out->raw_lost = c->raw_lost;
    out->kind = c->kind;
    bool ok = reserve(out); /* no row is no NULL */
    if (ok && c->kind == KL_COLUMN_CATEGORY) {
        ok = select_categories(out, c, keep);
        if (ok && out->inferred && levels_are_numbers(&out->levels))
            ok = become_numbers(out);
    } else {
        for (size_t i = 0; ok && i < c->n; i++)
            if (keep[i] && (ok = reserve(out))) out->numbers[out->n++] = c->numbers[i];
    }
    if (ok) return out;
    kl_column_free(out);
    return NULL;
}
