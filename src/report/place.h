/*
 * place.h - labels on lines, put where there is most room: away from points, from other
 * labels and from the frame.
 */
#ifndef KL_REPORT_PLACE_H
#define KL_REPORT_PLACE_H

#include "base/arena.h"
#include "report/axis.h"
#include "report/contour.h"

/* Labels collect in a picture of their own, which is added last, on top. */
typedef struct kl_labels {
    kl_svg on_top;
    size_t n, room;
    kl_xy *avoid; /* pixels; lives in the arena */
} kl_labels;

/** Begin, with room for n_points to avoid beside the labels themselves. */
kl_status kl_labels_init(kl_labels *labels, size_t n_points, kl_arena *mem,
                         kl_error *err);

/** Keep labels away from a place, in pixels; NaN is passed over. */
void kl_labels_avoid(kl_labels *labels, kl_xy at);

/** From 0..1 across the panel each way, as contours have it, to pixels. */
kl_xy kl_labels_pixels(const kl_panel *p, kl_xy at);

/** Put a label on a line (coordinates 0..1), turned along it; none where no room is. */
void kl_labels_put(kl_labels *labels, const kl_panel *p, const kl_polyline *line,
                   const kl_label *label);

/** Add the labels to the panel's picture and free them. */
void kl_labels_finish(kl_labels *labels, const kl_panel *p);

#endif
