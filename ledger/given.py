"""Many values for one statement, as a table of one column `value` that is one parameter: a thousand parameters take
longer than what is asked with them, and lead PostgreSQL to read whole tables.

What is looked up for each of them goes into a scalar subquery. That is one look at an index for each value, whatever a
database knows or guesses of its tables by then.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import String, TableValuedAlias, column, func, literal
from sqlalchemy.dialects.postgresql import ARRAY

from ledger.database import Database


def given(database: Database, values: Sequence[str]) -> TableValuedAlias:
    value = column("value", String)
    if database.url.drivername == "sqlite":
        return func.json_each(literal(json.dumps(list(values)))).table_valued(value, name="given")
    return func.unnest(literal(list(values), ARRAY(String))).table_valued(value, name="given").render_derived()
