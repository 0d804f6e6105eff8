/*
 * svg.h - the few shapes that figures are made of, written as SVG text.
 *
 * A kl_svg collects the body; kl_svg_finish() wraps it. Looks are in style.c: a shape
 * names a CSS class and, where data choose it, a colour. Numbers have at most two
 * decimals and never depend on the locale; text is escaped here and nowhere else.
 */
#ifndef KL_REPORT_SVG_H
#define KL_REPORT_SVG_H

#include "base/text.h"

#include <stdint.h>

typedef struct kl_xy {
    double x, y;
} kl_xy;

/* Text with at most one superscript: head "10", power "21", tail " FLOP". */
typedef struct kl_label {
    char head[64];
    char power[12];
    char tail[32];
} kl_label;

typedef struct kl_svg {
    kl_text body;
    kl_text about; /* what the figure says, for readers who cannot see it; unescaped */
    double width, height;
    const char *id; /* begins the ids inside; unique in a page */
    int n_clips;
} kl_svg;

enum { KL_NO_COLOUR = 0x1000000 }; /* as `colour`: the class decides */

typedef enum kl_anchor { KL_ANCHOR_START, KL_ANCHOR_MIDDLE, KL_ANCHOR_END } kl_anchor;

/** Add text as XML: special characters as entities, what XML cannot hold as U+FFFD. */
void kl_xml_add(kl_text *t, const char *s);

void kl_svg_line(kl_svg *g, const char *class, kl_xy from, kl_xy to);
void kl_svg_rect(kl_svg *g, const char *class, kl_xy corner, kl_xy size,
                 uint32_t colour);

/** Path of many points: begin, add each (NaN lifts the pen), end. */
void kl_svg_path_begin(kl_svg *g);
void kl_svg_path_add(kl_svg *g, kl_xy p, bool *down);
void kl_svg_path_end(kl_svg *g, const char *class, bool filled, uint32_t colour);

/** Dots in one path: two bytes of markup beside the coordinates of each. */
void kl_svg_dots_begin(kl_svg *g);
void kl_svg_dots_add(kl_svg *g, kl_xy p);
void kl_svg_dots_end(kl_svg *g, const char *class, double diameter, uint32_t colour);

typedef enum kl_mark { KL_MARK_DIAMOND, KL_MARK_STAR } kl_mark;

/** One large mark with a white rim, for an optimum. */
void kl_svg_mark(kl_svg *g, kl_mark mark, kl_xy at, double radius, uint32_t colour);

/** Text; `turn` in degrees, clockwise, about `at`. */
void kl_svg_text(kl_svg *g, const char *class, kl_xy at, kl_anchor anchor, double turn,
                 const char *text);
void kl_svg_label(kl_svg *g, const char *class, kl_xy at, kl_anchor anchor, double turn,
                  const kl_label *label);

/** Width in pixels of text, estimated from above for common sans-serif fonts. */
double kl_svg_text_width(const char *text, double font_px);

/** Only what lies in the rectangle is shown, until kl_svg_unclip(). */
void kl_svg_clip(kl_svg *g, kl_xy corner, kl_xy size);
void kl_svg_unclip(kl_svg *g);

/** The whole picture: standalone (XML header, own style) or for inclusion in a page. */
void kl_svg_finish(kl_text *out, const kl_svg *g, const char *title, bool standalone);

void kl_svg_free(kl_svg *g);

#endif
