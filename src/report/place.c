/* place.c - where on its line a label has most room. */
#include "report/place.h"

#include <math.h>

enum { MAX_LABELS = 200, PER_LABEL = 3 };

kl_status kl_labels_init(kl_labels *labels, size_t n_points, kl_arena *mem,
                         kl_error *err)
{
    *labels = (kl_labels){.room = n_points + MAX_LABELS * PER_LABEL};
    labels->avoid = kl_arena_array(mem, labels->room, sizeof *labels->avoid);
    return labels->avoid ? KL_OK : kl_fail_nomem(err);
}

kl_xy kl_labels_pixels(const kl_panel *p, kl_xy at)
{
    return (kl_xy){p->left + at.x * p->width, p->top + (1 - at.y) * p->height};
}

/* Room around a place: to the nearest obstacle; none closer than `half` to the
 * frame. */
static double clearance(const kl_panel *p, const kl_labels *labels, kl_xy at,
                        double half)
{
    double room = fmin(fmin(at.x - p->left, p->left + p->width - at.x),
                       fmin(at.y - p->top, p->top + p->height - at.y));
    if (room < half) return 0;
    for (size_t i = 0; i < labels->n; i++)
        room = fmin(room, hypot(at.x - labels->avoid[i].x, at.y - labels->avoid[i].y));
    return room;
}

void kl_labels_avoid(kl_labels *labels, kl_xy at)
{
    const bool known = isfinite(at.x) && isfinite(at.y);
    if (known && labels->n < labels->room) labels->avoid[labels->n++] = at;
}

/* The label stands on the line where there is most room, turned along it. */
void kl_labels_put(kl_labels *labels, const kl_panel *p, const kl_polyline *line,
                   const kl_label *label)
{
    const double pi = 3.14159265358979323846;
    const double half =
        (kl_svg_text_width(label->head, 11) + kl_svg_text_width(label->power, 10) +
         kl_svg_text_width(label->tail, 11)) /
        2;
    double best = 20; /* pixels */
    size_t best_k = 0;
    for (size_t k = 4; k + 4 < line->n; k++) {
        const double room =
            clearance(p, labels, kl_labels_pixels(p, line->points[k]), half);
        if (room <= best) continue;
        best = room;
        best_k = k;
    }
    if (!best_k) return;
    const kl_xy from = kl_labels_pixels(p, line->points[best_k - 4]);
    const kl_xy to = kl_labels_pixels(p, line->points[best_k + 4]);
    kl_xy at = kl_labels_pixels(p, line->points[best_k]);
    double angle = atan2(to.y - from.y, to.x - from.x);
    if (angle > pi / 2) angle -= pi;
    if (angle < -pi / 2) angle += pi;   /* never upside down */
    for (int end = -1; end <= 1; end++) /* no other label across this one */
        kl_labels_avoid(labels, (kl_xy){at.x + end * half * cos(angle),
                                        at.y + end * half * sin(angle)});
    at.x -= 4 * sin(angle); /* from the middle of the letters to their baseline */
    at.y += 4 * cos(angle);
    kl_svg_label(&labels->on_top, "halo", at, KL_ANCHOR_MIDDLE, angle * 180 / pi,
                 label);
}

void kl_labels_finish(kl_labels *labels, const kl_panel *p)
{
    const kl_text *body = &labels->on_top.body;
    if (body->length) kl_text_add_bytes(&p->svg->body, body->data, body->length);
    if (body->failed) p->svg->body.failed = true;
    kl_svg_free(&labels->on_top);
}
