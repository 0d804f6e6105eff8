/*
 * read_jsonl.c - JSON lines: one object a line, through jansson.
 *
 * Keys are columns, in order of first appearance; an absent key is a missing cell.
 * Nested objects become columns named a.b, true and false become 1 and 0, and a list is
 * kept as its text. Line breaks inside an object are not allowed.
 */
#include "table/builder.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 16, MAX_KEY = 1024 };

typedef struct jsonl {
    kl_builder *b;
    kl_error *err;
    long line;
    size_t guess;  /* column that is likely next: records tend to be alike */
    char *partial; /* the part of a line that an earlier chunk ended with */
    size_t n_partial, room;
} jsonl;

static kl_status find_column(jsonl *j, const char *key, size_t n, size_t *column)
{
    const kl_intern *names = &j->b->names;
    const size_t g = j->guess;
    if (g < names->n && names->lengths[g] == n && !memcmp(names->items[g], key, n)) {
        *column = j->guess++;
        return KL_OK;
    }
    const int32_t known = kl_builder_find(j->b, key, n);
    *column = known >= 0 ? (size_t)known : j->b->table->n_columns;
    j->guess = *column + 1;
    return known >= 0 ? KL_OK : kl_builder_add(j->b, key, n, j->line, j->err);
}

static kl_status take_value(jsonl *j, const char *key, size_t n_key,
                            const json_t *value)
{
    size_t column;
    const kl_status status = find_column(j, key, n_key, &column);
    if (status) return status;
    switch (json_typeof(value)) {
    case JSON_STRING:
        return kl_builder_text(j->b, column, json_string_value(value),
                               json_string_length(value), j->line, j->err);
    case JSON_TRUE:
    case JSON_FALSE:
        return kl_builder_number(j->b, column, json_is_true(value), j->line, j->err);
    case JSON_NULL:
        return kl_builder_text(j->b, column, "", 0, j->line, j->err);
    case JSON_ARRAY: {
        char *text = json_dumps(value, JSON_COMPACT);
        if (!text) return kl_fail_nomem(j->err);
        const kl_status s =
            kl_builder_text(j->b, column, text, strlen(text), j->line, j->err);
        free(text);
        return s;
    }
    default:
        return kl_builder_number(j->b, column, json_number_value(value), j->line,
                                 j->err);
    }
}

/* Walk an object and those inside it; the path so far is the start of the key. */
static kl_status take_object(jsonl *j, json_t *object)
{
    struct {
        json_t *object;
        void *at;     /* iterator */
        size_t n_key; /* bytes of the key that belong to the outer objects */
    } stack[MAX_DEPTH] = {{object, json_object_iter(object), 0}};
    char key[MAX_KEY];
    for (size_t depth = 1; depth;) {
        void *at = stack[depth - 1].at;
        if (!at) {
            depth--;
            continue;
        }
        const char *name = json_object_iter_key(at);
        const size_t outer = stack[depth - 1].n_key, n = json_object_iter_key_len(at);
        json_t *value = json_object_iter_value(at);
        stack[depth - 1].at = json_object_iter_next(stack[depth - 1].object, at);
        if (depth == MAX_DEPTH || n + outer + 1 >= MAX_KEY)
            return kl_fail_at(
                j->err, KL_E_PARSE, j->line, 0,
                "%s:%ld: keys nested deeper than %d or longer than %d bytes",
                j->b->label, j->line, MAX_DEPTH - 1, MAX_KEY - 2);
        memcpy(key + outer, name, n);
        if (json_is_object(value)) {
            key[outer + n] = '.';
            stack[depth].object = value;
            stack[depth].at = json_object_iter(value);
            stack[depth++].n_key = outer + n + 1;
            continue;
        }
        const kl_status status = take_value(j, key, outer + n, value);
        if (status) return status;
    }
    return KL_OK;
}

static kl_status take_line(jsonl *j, const char *text, size_t n)
{
    size_t blank = 0;
    while (blank < n && strchr(" \t\r", text[blank]) && text[blank]) blank++;
    if (blank == n) return KL_OK;
    json_error_t at;
    json_t *value =
        json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &at);
    if (!value && !*at.text) /* jansson has no words, and often no code, for it */
        return kl_fail_nomem(j->err);
    if (!value) {
        const char *remedy = strstr(at.text, "NaN") || strstr(at.text, "Infinity")
                                 ? " (JSON has no such number: write null)"
                                 : "";
        return kl_fail_at(j->err, KL_E_PARSE, j->line, at.column, "%s:%ld:%d: %s%s",
                          j->b->label, j->line, at.column, at.text, remedy);
    }
    kl_status status;
    if (!json_is_object(value)) {
        status = kl_fail_at(j->err, KL_E_PARSE, j->line, 0,
                            "%s:%ld: a line must hold one JSON object {...}",
                            j->b->label, j->line);
    } else {
        j->guess = 0;
        status = take_object(j, value);
        if (!status) status = kl_builder_end(j->b, j->line, j->err);
    }
    json_decref(value);
    return status;
}

/* Add to the unfinished line, which never grows beyond the limit. */
static kl_status keep_partial(jsonl *j, const char *data, size_t n)
{
    const size_t limit = j->b->opt->max_line_bytes;
    if (n > limit || j->n_partial > limit - n)
        return kl_fail_at(j->err, KL_E_PARSE, j->line, 0,
                          "%s:%ld: a line of more than %zu bytes", j->b->label, j->line,
                          limit);
    if (j->n_partial + n > j->room) {
        size_t room = j->room ? j->room : KL_SOURCE_CHUNK;
        while (room < j->n_partial + n) room *= 2;
        char *more = realloc(j->partial, room);
        if (!more) return kl_fail_nomem(j->err);
        j->partial = more;
        j->room = room;
    }
    memcpy(j->partial + j->n_partial, data, n);
    j->n_partial += n;
    return KL_OK;
}

static kl_status feed_chunk(jsonl *j, const char *data, size_t n)
{
    const char *end = data + n;
    while (data < end) {
        const char *feed = memchr(data, '\n', (size_t)(end - data));
        const size_t length = (size_t)((feed ? feed : end) - data);
        kl_status status = KL_OK;
        if (!feed || j->n_partial || length > j->b->opt->max_line_bytes) {
            status = keep_partial(j, data, length);
            if (status || !feed) return status;
            status = take_line(j, j->partial, j->n_partial);
            j->n_partial = 0;
        } else {
            status = take_line(j, data, length);
        }
        if (status) return status;
        j->line++;
        data += length + 1;
    }
    return KL_OK;
}

static kl_status read_jsonl(kl_builder *b, kl_source *s, const char *path,
                            kl_error *err)
{
    (void)path;
    jsonl j = {.b = b, .err = err, .line = 1};
    const char *data;
    size_t n;
    kl_status status = kl_source_next(s, &data, &n, err);
    if (!status && n >= 3 && !memcmp(data, "\xef\xbb\xbf", 3)) data += 3, n -= 3;
    for (; !status && n; status = status ? status : kl_source_next(s, &data, &n, err))
        status = feed_chunk(&j, data, n);
    if (!status) status = take_line(&j, j.partial, j.n_partial);
    free(j.partial);
    return status;
}

const kl_reader kl_reader_jsonl = {"jsonl", ".jsonl|.ndjson|.json", "{", read_jsonl};
