"""Compiled loops of `places`; numba is imported here only, on first use."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np


@nb.njit(cache=True, nogil=True)
def count_on_lattice(
    x: Any,
    y: Any,
    weight: Any,
    code: Any,
    xs: Any,
    ys: Any,
    place: Any,
    total: Any,
    per_level: Any,
    hits: Any,
) -> None:
    """Add each point to its square; a square owns its left and lower edge."""
    cols, rows = len(xs) - 1, len(ys) - 1
    left, bottom = xs[0], ys[0]
    width, height = (xs[cols] - left) / cols, (ys[rows] - bottom) / rows
    one_weight, one_code = len(weight) != len(x), len(code) != len(x)
    for i in range(len(x)):
        if not (xs[0] <= x[i] < xs[cols] and ys[0] <= y[i] < ys[rows]):
            continue
        col, row = min(int((x[i] - left) / width), cols - 1), min(int((y[i] - bottom) / height), rows - 1)
        # Division rounds; the lines of the lattice decide.
        if x[i] < xs[col]:
            col -= 1
        elif x[i] >= xs[col + 1]:
            col += 1
        if y[i] < ys[row]:
            row -= 1
        elif y[i] >= ys[row + 1]:
            row += 1
        a = place[row, col]
        if a < 0:
            continue
        w = weight[0] if one_weight else weight[i]
        total[a] += w
        hits[i] += 1
        k = code[0] if one_code else code[i]
        if k >= 0:
            per_level[a, k] += w


@nb.njit(cache=True)
def _row(y: float, frame: Any) -> int:
    return min(max(int(np.floor((y - frame[1]) / frame[3])), 0), int(frame[5]) - 1)


@nb.njit(cache=True)
def _col(x: float, frame: Any) -> int:
    return min(max(int(np.floor((x - frame[0]) / frame[2])), 0), int(frame[4]) - 1)


@nb.njit(cache=True)
def edges_by_row(x1: Any, y1: Any, x2: Any, y2: Any, area_start: Any, frame: Any) -> Any:
    """List the edges of each area under every row of the grid that they meet."""
    areas = len(area_start) - 1
    first_row = np.zeros((areas + 1, 2), dtype=np.int64)
    for a in range(areas):
        low, high = int(frame[5]), -1
        for e in range(area_start[a], area_start[a + 1]):
            low, high = min(low, _row(y1[e], frame)), max(high, _row(y2[e], frame))
        first_row[a, 1] = low
        first_row[a + 1, 0] = first_row[a, 0] + max(0, high - low + 1)
    edge_start = np.zeros(first_row[areas, 0] + 1, dtype=np.int64)
    for a in range(areas):
        for e in range(area_start[a], area_start[a + 1]):
            for r in range(_row(y1[e], frame), _row(y2[e], frame) + 1):
                edge_start[first_row[a, 0] + r - first_row[a, 1] + 1] += 1
    for k in range(1, len(edge_start)):
        edge_start[k] += edge_start[k - 1]
    edges = np.empty((edge_start[-1], 4))
    filled = edge_start.copy()
    for a in range(areas):
        for e in range(area_start[a], area_start[a + 1]):
            for r in range(_row(y1[e], frame), _row(y2[e], frame) + 1):
                slot = first_row[a, 0] + r - first_row[a, 1]
                at = filled[slot]
                filled[slot] += 1
                edges[at, 0], edges[at, 1], edges[at, 2], edges[at, 3] = x1[e], y1[e], x2[e], y2[e]
    return first_row, edge_start, edges


@nb.njit(cache=True)
def _odd_crossings(px: float, py: float, begin: int, end: int, edges: Any) -> bool:
    """Whether a ray from the point to the right crosses an odd number of edges (an edge owns its lower end)."""
    odd = False
    for e in range(begin, end):
        low, high = edges[e, 1], edges[e, 3]
        if low <= py < high and px < edges[e, 0] + (py - low) * (edges[e, 2] - edges[e, 0]) / (high - low):
            odd = not odd
    return odd


@nb.njit(cache=True)
def _mark_row(begin: int, end: int, edges: Any, bottom: float, top: float, frame: Any, mark: Any) -> Any:
    """Mark the columns that edges of one area meet in one row; returns first and last column marked."""
    first, last = int(frame[4]), -1
    for e in range(begin, end):
        ax, ay, bx, by = edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]
        xa, xb = ax, bx
        if by > ay:
            slope = (bx - ax) / (by - ay)
            xa, xb = ax + (max(ay, bottom) - ay) * slope, ax + (min(by, top) - ay) * slope
        # A little more on either side than needed: rounding of a nearly level edge must not hide it from a cell.
        slack = 0.01 * frame[2]
        c0, c1 = _col(min(xa, xb) - slack, frame), _col(max(xa, xb) + slack, frame)
        first, last = min(first, c0), max(last, c1)
        for c in range(c0, c1 + 1):
            mark[c] = True
    return first, last


@nb.njit(cache=True)
def areas_by_cell(first_row: Any, edge_start: Any, edges: Any, frame: Any) -> Any:
    """Which areas meet each cell, and whether the cell lies wholly inside."""
    areas, cols, rows = len(first_row) - 1, int(frame[4]), int(frame[5])
    cell_start = np.zeros(cols * rows + 1, dtype=np.int64)
    cell_area = np.zeros(0, dtype=np.int64)
    inside = np.zeros(0, dtype=np.bool_)
    filled = np.zeros(0, dtype=np.int64)
    mark = np.zeros(cols, dtype=np.bool_)
    for fill in range(2):  # first count, then fill
        if fill == 1:
            for k in range(1, len(cell_start)):
                cell_start[k] += cell_start[k - 1]
            cell_area = np.empty(cell_start[-1], dtype=np.int64)
            inside = np.empty(cell_start[-1], dtype=np.bool_)
            filled = cell_start.copy()
        for a in range(areas):
            for slot in range(first_row[a, 0], first_row[a + 1, 0]):
                r = slot - first_row[a, 0] + first_row[a, 1]
                bottom = frame[1] + r * frame[3]
                begin, end = edge_start[slot], edge_start[slot + 1]
                slack = 1e-6 * frame[3]
                first, last = _mark_row(
                    begin, end, edges, bottom - slack, bottom + frame[3] + slack, frame, mark
                )
                middle = bottom + 0.5 * frame[3]
                known, odd = False, False
                for c in range(first, last + 1):
                    if mark[c]:
                        known = False
                    elif not known:  # unmarked columns in a row are all in or all out until the next mark
                        odd = _odd_crossings(frame[0] + (c + 0.5) * frame[2], middle, begin, end, edges)
                        known = True
                    if mark[c] or odd:
                        cell = r * cols + c
                        if fill == 0:
                            cell_start[cell + 1] += 1
                        else:
                            cell_area[filled[cell]] = a
                            inside[filled[cell]] = not mark[c]
                            filled[cell] += 1
                for c in range(first, last + 1):
                    mark[c] = False
    return cell_start, cell_area, inside


@nb.njit(cache=True, nogil=True)
def count_in_outlines(
    x: Any, y: Any, weight: Any, code: Any, frame: Any, cell_start: Any, cell_area: Any, cell_inside: Any,
    edge_start: Any, edges: Any, first_row: Any, total: Any, per_level: Any, hits: Any,
) -> None:  # fmt: skip
    """Add each point to every area that holds it."""
    cols = int(frame[4])
    right, top = frame[0] + frame[2] * frame[4], frame[1] + frame[3] * frame[5]
    one_weight, one_code = len(weight) != len(x), len(code) != len(x)
    for i in range(len(x)):
        px, py = x[i], y[i]
        if not (frame[0] <= px <= right and frame[1] <= py <= top):
            continue
        row = _row(py, frame)
        cell = row * cols + _col(px, frame)
        for k in range(cell_start[cell], cell_start[cell + 1]):
            a = cell_area[k]
            slot = first_row[a, 0] + row - first_row[a, 1]
            if cell_inside[k] or _odd_crossings(px, py, edge_start[slot], edge_start[slot + 1], edges):
                w = weight[0] if one_weight else weight[i]
                total[a] += w
                hits[i] += 1
                level = code[0] if one_code else code[i]
                if level >= 0:
                    per_level[a, level] += w


@nb.njit(cache=True)
def scatter_quartic(
    x: Any, y: Any, load: Any, cx: Any, cy: Any, size: float, radius: float, out: Any
) -> None:
    """Add the quartic kernel of each point to the lattice points within its radius."""
    rows, cols = out.shape
    height = 3.0 / (np.pi * radius * radius)
    for i in range(len(x)):
        # One more on either side than needed; the distance decides.
        c0, c1 = (
            max(0, int((x[i] - radius - cx[0]) / size) - 1),
            min(cols - 1, int((x[i] + radius - cx[0]) / size) + 1),
        )
        r0, r1 = (
            max(0, int((y[i] - radius - cy[0]) / size) - 1),
            min(rows - 1, int((y[i] + radius - cy[0]) / size) + 1),
        )
        for r in range(r0, r1 + 1):
            v = ((cy[r] - y[i]) / radius) ** 2
            for c in range(c0, c1 + 1):
                u = v + ((cx[c] - x[i]) / radius) ** 2
                if u < 1.0:
                    out[r, c] += load[i] * height * (1.0 - u) * (1.0 - u)


@nb.njit(cache=True)
def gather_quartic(
    x: Any, y: Any, load: Any, cx: Any, cy: Any, keys: Any, left: float, bottom: float, cols: int, rows: int,
    radius: float, out: Any,
) -> None:  # fmt: skip
    """The same for centres anywhere, sorted by the square of side `radius` they lie in."""
    height = 3.0 / (np.pi * radius * radius)
    for i in range(len(x)):
        col, row = np.floor((x[i] - left) / radius), np.floor((y[i] - bottom) / radius)
        if col < -1 or row < -1 or col > cols or row > rows:
            continue
        first, last = max(0, int(col) - 1), min(cols - 1, int(col) + 1)
        for r in range(max(0, int(row) - 1), min(rows - 1, int(row) + 1) + 1):
            begin = np.searchsorted(keys, r * cols + first)
            end = np.searchsorted(keys, r * cols + last, side="right")
            for j in range(begin, end):
                u = ((cx[j] - x[i]) ** 2 + (cy[j] - y[i]) ** 2) / (radius * radius)
                if u < 1.0:
                    out[j] += load[i] * height * (1.0 - u) * (1.0 - u)


@nb.njit(cache=True)
def share_out(x: Any, y: Any, load: Any, left: float, bottom: float, size: float, out: Any) -> None:
    """Share each point out over the nine nearest lattice points (quadratic spline); those off it are left."""
    rows, cols = out.shape
    for i in range(len(x)):
        across, up = (x[i] - left) / size, (y[i] - bottom) / size
        if not (0.5 <= across < cols - 1.5 and 0.5 <= up < rows - 1.5):
            continue
        c, r = int(across + 0.5), int(up + 0.5)
        dx, dy = across - c, up - r
        along = (0.5 * (0.5 - dx) ** 2, 0.75 - dx * dx, 0.5 * (0.5 + dx) ** 2)
        upward = (0.5 * (0.5 - dy) ** 2, 0.75 - dy * dy, 0.5 * (0.5 + dy) ** 2)
        for j in range(3):
            for k in range(3):
                out[r + j - 1, c + k - 1] += load[i] * upward[j] * along[k]


@nb.njit(cache=True, nogil=True)
def on_lattice(
    x0: Any, y0: Any, x1: Any, y1: Any, size: float, left: float, bottom: float, cols: Any, rows: Any
) -> bool:
    """Write column and row of each square; False as soon as one is of another size or stands between lines."""
    near, far = 1e-6 * size, 1e-4 * size
    for i in range(len(x0)):
        if not (abs(x1[i] - x0[i] - size) <= near and abs(y1[i] - y0[i] - size) <= near):
            return False
        col, row = np.rint((x0[i] - left) / size), np.rint((y0[i] - bottom) / size)
        if abs(left + col * size - x0[i]) > far or abs(bottom + row * size - y0[i]) > far:
            return False
        cols[i], rows[i] = int(col), int(row)
    return True


@nb.njit(cache=True, nogil=True)
def lines_of(index: Any, low: Any, high: Any, lines: Any) -> bool:
    """Put the edges of the squares into the lattice lines; False where two squares give a line different places."""
    for i in range(len(index)):
        lines[index[i]] = low[i]
        lines[index[i] + 1] = high[i]
    for i in range(len(index)):
        if lines[index[i]] != low[i] or lines[index[i] + 1] != high[i]:
            return False
    return bool(np.all(lines[:-1] < lines[1:]))


@nb.njit(cache=True, nogil=True)
def sum_around(values: Any, row: Any, col: Any, shifts: Any, reach: int, padded: Any, out: Any) -> None:
    """For each square of a lattice the sum of the values at these shifts from it; `padded` has room for them."""
    for i in range(len(row)):
        padded[row[i] + reach, col[i] + reach] = values[i]
    for i in range(len(row)):
        total = 0.0
        for k in range(len(shifts)):
            total += padded[row[i] + reach + shifts[k, 0], col[i] + reach + shifts[k, 1]]
        out[i] = total


@nb.njit(cache=True, nogil=True)
def getis_scores(
    values: Any, around: Any, own: Any, total: Any, squares: Any, centre: float, second: float, mean_square: float,
    star: bool, out: Any,
) -> None:  # fmt: skip
    """Gi* or Gi from the sums around each area; `second` is the sum of squared deviations from the mean `centre`."""
    n = len(values)
    size = float(n) if star else n - 1.0
    # Differences of equal numbers leave a rest of rounding, which is no spread.
    flat = 1e-12 * max(mean_square, 1e-300)
    for i in range(n):
        out[i] = np.nan
        if size <= 1.0:
            continue
        away = values[i] - centre  # deviations keep digits that squares of large values would lose
        mean = 0.0 if star else -away / size
        variance = second / size if star else (second - away * away) / size - mean * mean
        room = (size * squares[i] - total[i] * total[i]) / (size - 1.0)
        if variance > flat and room > 1e-9 * max(total[i] * total[i], 1e-300):
            deviation = around[i] + own[i] * values[i] - total[i] * (centre + mean)
            out[i] = deviation / np.sqrt(variance * room)
