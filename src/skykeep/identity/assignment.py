"""Who goes with whom at the least total cost, one to one, where some pairs are impossible.

Shortest augmenting paths: rows are placed one by one; each looks, by Dijkstra's rule over costs less
prices, for the cheapest chain of moves that ends at a free column. Prices keep every cost less prices at
or above zero, so that each path found is shortest and the whole is least. Each row has a column of its
own for staying alone, at `alone_cost`: so there is always a solution, and leaving a row out is a choice
with a price. Small problems only: a few dozen rows.
Source: the method of successive shortest paths for assignment (Tomizawa 1971; Jonker and Volgenant 1987),
written anew; compared with scipy in tests/identity/test_assignment.py.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray, IntArray


def least_cost_pairs(cost: FloatArray, alone_cost: float) -> list[tuple[int, int]]:
    """Return (row, column) pairs, by row, of least total cost; inf is impossible. Equal costs: lower
    column first.
    """
    rows, columns = cost.shape
    own = np.full((rows, rows), np.inf)
    np.fill_diagonal(own, alone_cost)
    whole = np.hstack((cost, own))
    price = np.zeros(columns + rows)
    row_of = np.full(columns + rows, -1, dtype=np.int64)
    column_of = np.full(rows, -1, dtype=np.int64)
    for row in range(rows):
        _place(row, whole, price, row_of, column_of)
    return [(row, int(column)) for row, column in enumerate(column_of) if column < columns]


def _place(
    start: int,
    cost: FloatArray,
    price: FloatArray,
    row_of: IntArray,
    column_of: IntArray,
) -> None:
    """Give `start` a column, moving others along the cheapest chain; update prices and both maps in place."""
    distance = np.full(len(price), np.inf)
    came_from = np.full(len(price), -1, dtype=np.int64)
    settled = np.zeros(len(price), dtype=np.bool_)
    row, so_far = start, 0.0
    while True:
        held = column_of[row]
        # What the row pays now, less prices: 0 on its own column, as every chain so far is shortest.
        paid = cost[row, held] - price[held] if held >= 0 else 0.0
        through = so_far + (cost[row] - price) - paid
        better = ~settled & (through < distance)
        distance[better], came_from[better] = through[better], row
        column = int(np.argmin(np.where(settled, np.inf, distance)))
        settled[column], so_far = True, distance[column]
        if row_of[column] < 0:
            break
        row = int(row_of[column])
    price[settled] += distance[settled] - so_far
    while True:
        row = int(came_from[column])
        before = column_of[row]
        row_of[column], column_of[row] = row, column
        if row == start:
            return
        column = int(before)
