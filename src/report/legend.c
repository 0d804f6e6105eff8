/* legend.c - keys and colour scales beside a panel, where they cover no data. */
#include "report/axis.h"
#include "report/style.h"
#include "report/ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LINE_PX = 20, KEY_PX = 24, MAX_CHARACTERS = 22 };

static void draw_key(const kl_legend *legend, kl_key key, uint32_t colour)
{
    kl_svg *g = legend->svg;
    const double x = legend->left, y = legend->top - 4;
    bool down = false;
    switch (key) {
    case KL_KEY_CURVE:
    case KL_KEY_DASHED:
    case KL_KEY_GUIDE:
        kl_svg_path_begin(g);
        kl_svg_path_add(g, (kl_xy){x, y}, &down);
        kl_svg_path_add(g, (kl_xy){x + KEY_PX - 6, y}, &down);
        kl_svg_path_end(g,
                        key == KL_KEY_CURVE    ? "curve"
                        : key == KL_KEY_DASHED ? "dashed"
                                               : "guide",
                        false, key == KL_KEY_GUIDE ? KL_NO_COLOUR : colour);
        break;
    case KL_KEY_BAND:
        kl_svg_rect(g, "band", (kl_xy){x, y - 6}, (kl_xy){KEY_PX - 6, 12}, colour);
        break;
    case KL_KEY_DOT:
        kl_svg_dots_begin(g);
        kl_svg_dots_add(g, (kl_xy){x + 9, y});
        kl_svg_dots_end(g, "key", 7, colour);
        break;
    case KL_KEY_DIAMOND:
        kl_svg_mark(g, KL_MARK_DIAMOND, (kl_xy){x + 9, y}, 6, colour);
        break;
    case KL_KEY_STAR:
        kl_svg_mark(g, KL_MARK_STAR, (kl_xy){x + 9, y}, 8, colour);
        break;
    case KL_KEY_NONE:
        break;
    }
}

void kl_legend_add_label(kl_legend *legend, kl_key key, uint32_t colour,
                         const kl_label *label)
{
    const double indent = key == KL_KEY_NONE ? 0 : KEY_PX;
    draw_key(legend, key, colour);
    kl_svg_label(legend->svg, "key", (kl_xy){legend->left + indent, legend->top},
                 KL_ANCHOR_START, 0, label);
    legend->top += LINE_PX;
}

/* Cut after so many characters, with an ellipsis; never inside a UTF-8 character. */
static void shorten(char *out, size_t room, const char *text)
{
    size_t n = 0, i = 0;
    for (; text[i] && i + 8 < room; i++) {
        const bool begins = (text[i] & 0xc0) != 0x80;
        if (begins && ++n > MAX_CHARACTERS) break;
    }
    while (text[i] && i > 0 && (text[i] & 0xc0) == 0x80) i--;
    snprintf(out, room, "%.*s%s", (int)i, text, text[i] ? "\xe2\x80\xa6" : "");
}

void kl_legend_add(kl_legend *legend, kl_key key, uint32_t colour, const char *text)
{
    kl_label label = {0};
    shorten(label.head, sizeof label.head, text);
    kl_legend_add_label(legend, key, colour, &label);
}

void kl_legend_add_interval(kl_legend *legend, kl_key key, uint32_t colour,
                            double level)
{
    kl_label label = {0};
    snprintf(label.head, sizeof label.head, "%s %% interval",
             kl_format(100 * level, 3).s);
    kl_legend_add_label(legend, key, colour, &label);
}

void kl_legend_add_scale(kl_legend *legend, const kl_axis *axis, double height)
{
    enum { STEPS = 48, WIDTH = 14 };
    kl_svg *g = legend->svg;
    const double left = legend->left, top = legend->top;
    kl_legend_add(legend, KL_KEY_NONE, 0, axis->title);
    const kl_panel bar = {.svg = g,
                          .left = left,
                          .top = top + 12,
                          .width = WIDTH,
                          .height = height,
                          .y = *axis};
    for (int i = 0; i < STEPS; i++) {
        const double y = bar.top + height * (STEPS - 1 - i) / STEPS;
        kl_svg_rect(g, "plain", (kl_xy){left, y}, (kl_xy){WIDTH, height / STEPS + 0.4},
                    kl_style_viridis((i + 0.5) / STEPS));
    }
    kl_tick ticks[KL_MAX_TICKS];
    int power = 0;
    const double target = fmax(height / 36, 2);
    const size_t n =
        axis->log
            ? kl_ticks_log(ticks, axis->lo, axis->hi, target, axis->count)
            : kl_ticks_linear(ticks, axis->lo, axis->hi, target, axis->count, &power);
    for (size_t i = 0; i < n; i++) {
        const double y = bar.top + (1 - kl_axis_place(axis, ticks[i].at)) * height;
        if (!ticks[i].major) continue;
        if (power) ticks[i].label = kl_format_label(ticks[i].at, 3, axis->count);
        kl_svg_line(g, "tick", (kl_xy){left + WIDTH, y}, (kl_xy){left + WIDTH + 4, y});
        kl_svg_label(g, "key", (kl_xy){left + WIDTH + 8, y + 4}, KL_ANCHOR_START, 0,
                     &ticks[i].label);
    }
    legend->top = bar.top + height + 28;
}
