"""Density of very many events: put on the grid first, then smoothed in one go."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vicus.analysis.places.grid import Lattice

Floats = npt.NDArray[np.float64]


def binned_sum(x: Floats, y: Floats, load: Floats, lattice: Lattice, radius: float) -> Floats:
    """Sum of quartic kernels at the centres of the cells, of events shared out over the nearest centres."""
    from scipy import fft

    from vicus.analysis.places import kernels

    size = lattice.size
    reach = int(radius / size) + 3
    rows, cols = lattice.shape
    counted = np.zeros((rows + 2 * reach, cols + 2 * reach))  # events beside the grid reach into it
    left = (lattice.xs[0] + lattice.xs[1]) / 2 - reach * size
    bottom = (lattice.ys[0] + lattice.ys[1]) / 2 - reach * size
    kernels.share_out(x, y, load, left, bottom, size, counted)
    # What wraps around at the far side falls on the margin, which is cut off.
    shape = [fft.next_fast_len(length, real=True) for length in counted.shape]
    spectrum = fft.rfft2(counted, shape)
    spectrum *= fft.rfft2(_window(reach, size, radius), shape)
    smooth = fft.irfft2(spectrum, shape)
    surface = smooth[2 * reach + lattice.row, 2 * reach + lattice.col]
    surface[surface < 1e-12 * float(surface.max(initial=0.0))] = 0.0  # rests of rounding
    return np.asarray(surface)


def _window(reach: int, size: float, radius: float) -> Floats:
    """The kernel at the lattice points around one, sharpened by what sharing out widens it.

    Wherever a point lies between lattice points, sharing out adds size^2 / 4 to the variance along each axis: an eighth
    of the second difference, which is taken off.
    """
    steps = np.arange(-reach, reach + 1) * size / radius
    u = steps[:, None] ** 2 + steps[None, :] ** 2
    kernel = np.where(u < 1, 3.0 / (np.pi * radius**2) * (1 - u) ** 2, 0.0)
    padded = np.pad(kernel, 1)
    second = padded[2:, 1:-1] + padded[:-2, 1:-1] + padded[1:-1, 2:] + padded[1:-1, :-2] - 4 * kernel
    return np.asarray(kernel - second / 8.0)
