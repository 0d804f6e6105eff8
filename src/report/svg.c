/* svg.c - shapes and text as SVG. */
#include "report/svg.h"

#include "report/style.h"

#include <math.h>
#include <string.h>

/* Bytes of the UTF-8 character at s that XML 1.0 may hold; 0 if there is none. */
static size_t character_length(const unsigned char *s)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (s[0] < 0x80) return s[0] >= 0x20 || s[0] == '\t' || s[0] == '\n';
    const size_t n = s[0] >= 0xf0 && s[0] < 0xf5   ? 4
                     : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
                     : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
                                                   : 0;
    uint32_t code = n ? s[0] & (0xff >> (n + 1)) : 0;
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80) return 0;
        code = code << 6 | (s[i] & 0x3f);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    const bool forbidden = surrogate || code == 0xfffe || code == 0xffff;
    return n && code >= least[n] && code <= 0x10ffff && !forbidden ? n : 0;
}

void kl_xml_add(kl_text *t, const char *s)
{
    while (*s) {
        const size_t n = character_length((const unsigned char *)s);
        switch (*s) {
        case '&':
            kl_text_add(t, "&amp;");
            break;
        case '<':
            kl_text_add(t, "&lt;");
            break;
        case '>':
            kl_text_add(t, "&gt;");
            break;
        case '"':
            kl_text_add(t, "&quot;");
            break;
        case '\'':
            kl_text_add(t, "&#39;");
            break;
        default:
            if (n)
                kl_text_add_bytes(t, s, n);
            else
                kl_text_add(t, "\xef\xbf\xbd");
        }
        s += n ? n : 1;
    }
}

/* In hundredths, by integers: printf would follow the locale's decimal point. */
static void add_number(kl_text *t, double v)
{
    const double limit = 1e6; /* far outside any picture */
    long long h = llround(100 * fmin(fmax(v, -limit), limit));
    if (h < 0) kl_text_add(t, "-");
    if (h < 0) h = -h;
    kl_text_addf(t, "%lld", h / 100);
    if (h % 10)
        kl_text_addf(t, ".%02lld", h % 100);
    else if (h % 100)
        kl_text_addf(t, ".%lld", h % 100 / 10);
}

static void add_attribute(kl_text *t, const char *name, double v)
{
    kl_text_addf(t, " %s=\"", name);
    add_number(t, v);
    kl_text_add(t, "\"");
}

static void add_paint(kl_text *t, const char *property, uint32_t colour)
{
    if (colour != KL_NO_COLOUR)
        kl_text_addf(t, " %s=\"#%06x\"", property, (unsigned)colour);
}

void kl_svg_line(kl_svg *g, const char *class, kl_xy from, kl_xy to)
{
    kl_text_addf(&g->body, "<line class=\"%s\"", class);
    add_attribute(&g->body, "x1", from.x);
    add_attribute(&g->body, "y1", from.y);
    add_attribute(&g->body, "x2", to.x);
    add_attribute(&g->body, "y2", to.y);
    kl_text_add(&g->body, "/>\n");
}

void kl_svg_rect(kl_svg *g, const char *class, kl_xy corner, kl_xy size,
                 uint32_t colour)
{
    kl_text_addf(&g->body, "<rect class=\"%s\"", class);
    add_attribute(&g->body, "x", corner.x);
    add_attribute(&g->body, "y", corner.y);
    add_attribute(&g->body, "width", fmax(size.x, 0));
    add_attribute(&g->body, "height", fmax(size.y, 0));
    add_paint(&g->body, "fill", colour);
    kl_text_add(&g->body, "/>\n");
}

void kl_svg_path_begin(kl_svg *g)
{
    kl_text_add(&g->body, "<path d=\"");
}

void kl_svg_path_add(kl_svg *g, kl_xy p, bool *down)
{
    if (!isfinite(p.x) || !isfinite(p.y)) {
        *down = false;
        return;
    }
    kl_text_add(&g->body, *down ? "L" : "M");
    add_number(&g->body, p.x);
    kl_text_add(&g->body, " ");
    add_number(&g->body, p.y);
    *down = true;
}

void kl_svg_path_end(kl_svg *g, const char *class, bool filled, uint32_t colour)
{
    kl_text_addf(&g->body, "%s\" class=\"%s\"", filled ? "Z" : "", class);
    add_paint(&g->body, filled ? "fill" : "stroke", colour);
    kl_text_add(&g->body, "/>\n");
}

void kl_svg_dots_begin(kl_svg *g)
{
    kl_text_add(&g->body, "<path d=\"");
}

void kl_svg_dots_add(kl_svg *g, kl_xy p)
{
    bool down = false;
    kl_svg_path_add(g, p, &down);
    if (down) kl_text_add(&g->body, "h0");
}

void kl_svg_dots_end(kl_svg *g, const char *class, double diameter, uint32_t colour)
{
    kl_text_addf(&g->body, "\" class=\"dots %s\"", class);
    add_attribute(&g->body, "stroke-width", diameter);
    add_paint(&g->body, "stroke", colour);
    kl_text_add(&g->body, "/>\n");
}

void kl_svg_mark(kl_svg *g, kl_mark mark, kl_xy at, double radius, uint32_t colour)
{
    const double pi = 3.14159265358979323846;
    const int corners = mark == KL_MARK_STAR ? 10 : 4;
    bool down = false;
    if (!isfinite(at.x) || !isfinite(at.y)) return;
    kl_svg_path_begin(g);
    for (int i = 0; i < corners; i++) {
        const double r = mark == KL_MARK_STAR && i % 2 ? 0.42 * radius : radius;
        const double angle = 2 * pi * i / corners;
        kl_svg_path_add(g, (kl_xy){at.x + r * sin(angle), at.y - r * cos(angle)},
                        &down);
    }
    kl_svg_path_end(g, "mark", true, colour);
}

static void text_begin(kl_svg *g, const char *class, kl_xy at, kl_anchor anchor,
                       double turn)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"",
                                          " text-anchor=\"end\""};
    kl_text *t = &g->body;
    kl_text_addf(t, "<text class=\"%s\"%s", class, anchors[anchor]);
    add_attribute(t, "x", at.x);
    add_attribute(t, "y", at.y);
    if (turn != 0) {
        kl_text_add(t, " transform=\"rotate(");
        add_number(t, turn);
        kl_text_add(t, " ");
        add_number(t, at.x);
        kl_text_add(t, " ");
        add_number(t, at.y);
        kl_text_add(t, ")\"");
    }
    kl_text_add(t, ">");
}

void kl_svg_text(kl_svg *g, const char *class, kl_xy at, kl_anchor anchor, double turn,
                 const char *text)
{
    text_begin(g, class, at, anchor, turn);
    kl_xml_add(&g->body, text);
    kl_text_add(&g->body, "</text>\n");
}

void kl_svg_label(kl_svg *g, const char *class, kl_xy at, kl_anchor anchor, double turn,
                  const kl_label *label)
{
    text_begin(g, class, at, anchor, turn);
    kl_xml_add(&g->body, label->head);
    if (*label->power) {
        kl_text_add(&g->body, "<tspan class=\"power\" dy=\"-5\">");
        kl_xml_add(&g->body, label->power);
        kl_text_add(&g->body, "</tspan>");
    }
    if (*label->tail) { /* an empty tspan would not bring the baseline back */
        kl_text_addf(&g->body, "<tspan%s>", *label->power ? " dy=\"5\"" : "");
        kl_xml_add(&g->body, label->tail);
        kl_text_add(&g->body, "</tspan>");
    }
    kl_text_add(&g->body, "</text>\n");
}

double kl_svg_text_width(const char *text, double font_px)
{
    size_t n = 0;
    for (const char *s = text; *s; s++) n += (*s & 0xc0) != 0x80; /* characters */
    return 0.6 * font_px * (double)n;
}

void kl_svg_clip(kl_svg *g, kl_xy corner, kl_xy size)
{
    kl_text_addf(&g->body, "<clipPath id=\"%s-clip%d\">", g->id, ++g->n_clips);
    kl_svg_rect(g, "clip", corner, size, KL_NO_COLOUR);
    kl_text_addf(&g->body, "</clipPath>\n<g clip-path=\"url(#%s-clip%d)\">\n", g->id,
                 g->n_clips);
}

void kl_svg_unclip(kl_svg *g)
{
    kl_text_add(&g->body, "</g>\n");
}

void kl_svg_finish(kl_text *out, const kl_svg *g, const char *title, bool standalone)
{
    if (standalone) kl_text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    kl_text_add(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
    kl_text_addf(out, " aria-labelledby=\"%s-title %s-about\"", g->id, g->id);
    add_attribute(out, "width", g->width);
    add_attribute(out, "height", g->height);
    kl_text_add(out, " viewBox=\"0 0 ");
    add_number(out, g->width);
    kl_text_add(out, " ");
    add_number(out, g->height);
    kl_text_addf(out, "\">\n<title id=\"%s-title\">", g->id);
    kl_xml_add(out, title);
    kl_text_addf(out, "</title>\n<desc id=\"%s-about\">", g->id);
    kl_xml_add(out, g->about.data ? g->about.data : "");
    kl_text_add(out, "</desc>\n");
    if (standalone) {
        kl_text_add(out, "<style>");
        kl_xml_add(out, kl_style_figures());
        kl_text_add(
            out, "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
    }
    kl_text_add(out, g->body.data ? g->body.data : "");
    kl_text_add(out, "</svg>\n");
    if (g->body.failed || g->about.failed) out->failed = true;
}

void kl_svg_free(kl_svg *g)
{
    kl_text_free(&g->body);
    kl_text_free(&g->about);
}
