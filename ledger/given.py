"""Many values for one statement, as a table of one column `value` that is one parameter: a thousand parameters take
longer than what is asked with them, and lead PostgreSQL to read whole tables.

What is looked up for each of them goes into a scalar subquery. That is one look at an index for each value, whatever a
database knows or guesses of its tables by then.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import Connection, String, TableValuedAlias, column, func, literal
from sqlalchemy.dialects.postgresql import ARRAY


def given(connection: Connection, values: Collection[str]) -> TableValuedAlias:
    value = column("value", String)
    if connection.dialect.name == "sqlite":
        return func.json_each(literal(json.dumps(list(values)))).table_valued(value, name="given")
    return func.unnest(literal(list(values), ARRAY(String))).table_valued(value, name="given").render_derived()
