"""Many values for one statement, as a table of one column `value` that is one parameter: a thousand parameters take
longer than what is asked with them, and lead PostgreSQL to read whole tables.

What is looked up for each of them goes into a scalar subquery. That is one look at an index for each value, whatever a
database knows or guesses of its tables by then.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, FromClause, String, TableValuedAlias, cast, column, func, literal
from sqlalchemy.dialects.postgresql import ARRAY, JSON


def given(connection: Connection, values: Collection[str]) -> TableValuedAlias:
    """These values."""
    value = column("value", String)
    if connection.dialect.name == "sqlite":
        return func.json_each(literal(json.dumps(list(values)))).table_valued(value, name="given")
    return func.unnest(literal(list(values), ARRAY(String))).table_valued(value, name="given").render_derived()


def given_rows(
    connection: Connection, rows: Sequence[Sequence[str | None]]
) -> tuple[FromClause, list[ColumnElement[str]]]:
    """These rows in their order, and their columns."""
    width, said = range(len(rows[0])), literal(json.dumps(rows))
    if connection.dialect.name == "sqlite":
        table = func.json_each(said).table_valued(column("value", String), name="given")
        return table, [func.json_extract(table.c.value, f"$[{place}]") for place in width]
    derived = (
        func.json_array_elements(cast(said, JSON)).table_valued(column("value", JSON), name="given").render_derived()
    )
    return derived, [derived.c.value[place].astext for place in width]
