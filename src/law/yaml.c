/* yaml.c - libyaml's events gathered into a tree, with limits. */
#include "law/yaml.h"

#include <stdint.h>
#include <string.h>
#include <yaml.h>

struct builder {
    kl_arena *arena;
    const char *origin;
    kl_error *err;
    kl_yaml *root;
    kl_yaml *open[KL_YAML_MAX_DEPTH]; /* collections not yet closed, outermost first */
    size_t depth;
    kl_yaml *key; /* key read, value awaited; NULL */
    size_t n_nodes;
    bool document; /* one document has begun */
};

static long line_of(const yaml_event_t *event)
{
    return (long)event->start_mark.line + 1;
}

static long column_of(const yaml_event_t *event)
{
    return (long)event->start_mark.column + 1;
}

static kl_status refuse(const struct builder *b, const yaml_event_t *event,
                        const char *why)
{
    const long line = line_of(event), column = column_of(event);
    return kl_fail_at(b->err, KL_E_PARSE, line, column, "%s:%ld:%ld: %s", b->origin,
                      line, column, why);
}

static kl_status refuse_key(const struct builder *b, const kl_yaml *key,
                            const char *why)
{
    return kl_fail_at(b->err, KL_E_PARSE, key->line, key->column,
                      "%s:%ld:%ld: key '%s' %s", b->origin, key->line, key->column,
                      key->text, why);
}

/* Places inside a scalar are known only if it stands in the file letter by letter. */
static void set_in_place(kl_yaml *node, const yaml_event_t *event)
{
    const yaml_mark_t *from = &event->start_mark, *to = &event->end_mark;
    const size_t length = event->data.scalar.length;
    const yaml_scalar_style_t style = event->data.scalar.style;
    const size_t quotes = style == YAML_PLAIN_SCALAR_STYLE ? 0 : 2;
    node->text_column = node->column + (long)quotes / 2;
    node->in_place = style != YAML_LITERAL_SCALAR_STYLE &&
                     style != YAML_FOLDED_SCALAR_STYLE && from->line == to->line &&
                     to->column - from->column == length + quotes;
}

static kl_status new_scalar(kl_yaml *node, struct builder *b, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    if (memchr(text, '\0', length)) return refuse(b, event, "a zero byte in a text");
    node->text = kl_arena_strndup(b->arena, text, length);
    if (!node->text) return kl_fail_nomem(b->err);
    set_in_place(node, event);
    return KL_OK;
}

static kl_status take_key(struct builder *b, kl_yaml *node, const yaml_event_t *event)
{
    if (node->kind != KL_YAML_SCALAR)
        return refuse(b, event, "a key must be a plain text");
    const kl_yaml *map = b->open[b->depth - 1];
    for (const kl_yaml *old = map->first; old; old = old->next)
        if (!strcmp(old->key, node->text)) return refuse_key(b, node, "appears twice");
    b->key = node;
    return KL_OK;
}

/* Put a complete node, or one that is about to be filled, where it belongs. */
static kl_status attach(struct builder *b, kl_yaml *node, const yaml_event_t *event)
{
    if (!b->depth) {
        b->root = node;
        return KL_OK;
    }
    kl_yaml *parent = b->open[b->depth - 1];
    if (parent->kind == KL_YAML_MAP) {
        if (!b->key) return take_key(b, node, event);
        node->key = b->key->text;
        node->key_line = b->key->line;
        node->key_column = b->key->column;
        b->key = NULL;
    }
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->n++;
    return KL_OK;
}

static kl_status add_node(struct builder *b, kl_yaml_kind kind,
                          const yaml_event_t *event, bool anchored)
{
    if (anchored)
        return refuse(b, event,
                      "anchors and tags ('&', '!') are not part of law files");
    if (++b->n_nodes > KL_YAML_MAX_NODES)
        return refuse(b, event, "too many keys and values");
    kl_yaml *node = kl_arena_alloc(b->arena, sizeof *node);
    if (!node) return kl_fail_nomem(b->err);
    node->kind = kind;
    node->line = line_of(event);
    node->column = column_of(event);
    if (kind == KL_YAML_SCALAR) {
        const kl_status status = new_scalar(node, b, event);
        if (status) return status;
    }
    const kl_status status = attach(b, node, event);
    if (status || kind == KL_YAML_SCALAR) return status;
    if (b->depth == KL_YAML_MAX_DEPTH) return refuse(b, event, "nested too deeply");
    b->open[b->depth++] = node;
    return KL_OK;
}

static kl_status take_event(struct builder *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (b->document)
            return refuse(b, event, "a second document ('---') in the file");
        b->document = true;
        return KL_OK;
    case YAML_ALIAS_EVENT:
        return refuse(b, event, "aliases ('*') are not part of law files");
    case YAML_SCALAR_EVENT:
        return add_node(b, KL_YAML_SCALAR, event,
                        event->data.scalar.anchor || event->data.scalar.tag);
    case YAML_SEQUENCE_START_EVENT:
        return add_node(b, KL_YAML_LIST, event,
                        event->data.sequence_start.anchor ||
                            event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return add_node(b, KL_YAML_MAP, event,
                        event->data.mapping_start.anchor ||
                            event->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        return KL_OK;
    default:
        return KL_OK; /* beginning and end of stream and document */
    }
}

static kl_status syntax_error(const struct builder *b, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR) return kl_fail_nomem(b->err);
    const char *problem = parser->problem ? parser->problem : "malformed YAML";
    if (parser->error == YAML_READER_ERROR)
        return kl_fail(b->err, KL_E_PARSE, "%s: byte %zu: %s", b->origin,
                       parser->problem_offset + 1, problem);
    const long line = (long)parser->problem_mark.line + 1;
    const long column = (long)parser->problem_mark.column + 1;
    if (parser->context && parser->context_mark.line + 1 != (size_t)line)
        return kl_fail_at(b->err, KL_E_PARSE, line, column,
                          "%s:%ld:%ld: %s %s of line %zu", b->origin, line, column,
                          problem, parser->context, parser->context_mark.line + 1);
    return kl_fail_at(b->err, KL_E_PARSE, line, column, "%s:%ld:%ld: %s", b->origin,
                      line, column, problem);
}

kl_status kl_yaml_parse(const kl_yaml **out, kl_arena *arena, const char *text,
                        size_t n_bytes, const char *origin, kl_error *err)
{
    *out = NULL;
    struct builder b = {.arena = arena, .origin = origin, .err = err};
    if (n_bytes > KL_YAML_MAX_BYTES)
        return kl_fail(err, KL_E_PARSE, "%s: longer than %d bytes", origin,
                       KL_YAML_MAX_BYTES);
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) return kl_fail_nomem(err);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, n_bytes);
    kl_status status = KL_OK;
    for (bool more = true; more && !status;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            status = syntax_error(&b, &parser);
            break;
        }
        status = take_event(&b, &event);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (!status && !b.root)
        status = kl_fail(err, KL_E_PARSE, "%s: the file is empty", origin);
    if (!status) *out = b.root;
    return status;
}

const kl_yaml *kl_yaml_get(const kl_yaml *map, const char *key)
{
    for (const kl_yaml *child = map->first; child; child = child->next)
        if (!strcmp(child->key, key)) return child;
    return NULL;
}
