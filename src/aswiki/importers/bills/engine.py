"""DuckDB at work on one bill: the file as a table of texts, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aswiki.errors import BadInput, Unusable
from aswiki.importers.bills.aggregation import column
from aswiki.importers.bills.headings import Headings
from aswiki.importers.bills.source import missing
from aswiki.lang import _

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir

MEMORY = "512MB"
_TABLE = "bill"
_AT_ONCE = 10_000
_CUT = 9_990
"""DuckDB keeps so many bytes of a broken line, some more with the line breaks around it."""


class BrokenLine(NamedTuple):
    """A line of a CSV file that does not have as many cells as there are columns.

    Args:
        at: the byte of the file that it begins at, from 0.
        kind: DuckDB's word for what is wrong.
        text: the line itself.
    """

    at: int
    kind: str
    text: str

    @property
    def swallows(self) -> bool:
        """Whether an open quotation mark takes in lines after it, nobody knows how many."""
        if self.kind == "UNQUOTED VALUE" and '"' not in self.text:
            return True  # DuckDB then names the line before
        is_cut = len(self.text.encode()) >= _CUT
        return is_cut and "\n" in self.text


class Engine:
    """An engine that holds nothing but the one bill, and reaches nothing but its folder.

    Args:
        folder: for what does not fit into memory.

    Raises:
        Unusable: it is not installed.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import duckdb
            import ibis
        except ImportError:
            raise missing() from None
        self._error = duckdb.Error
        self._no_memory = duckdb.OutOfMemoryException
        self._ibis = ibis
        self._folder = folder
        self._con: duckdb.DuckDBPyConnection = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "temp_directory": str(folder / "spilled"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "python_enable_replacements": False,
            }
        )
        self._con.execute("SET TimeZone = 'UTC'")

    def close(self) -> None:
        """Let go of the file."""
        self._con.close()

    def parquet_columns(self, file: Path) -> list[str]:
        """The names of the columns of a Parquet file."""
        found = self._run(f"DESCRIBE SELECT * FROM {self._parquet(file)}")  # noqa: S608 - our name
        return [str(row[0]) for row in found]

    def open_parquet(self, file: Path, names: Sequence[str], used: Sequence[int]) -> ir.Table:
        """The columns of a Parquet file that are in use, as texts."""
        texts = ", ".join(
            f'CAST("{names[index].replace(chr(34), chr(34) * 2)}" AS VARCHAR) AS {column(index)}'
            for index in used
        )
        return self._open(f"SELECT {texts} FROM {self._parquet(file)}", used)  # noqa: S608 - quoted

    def open_csv(self, file: Path, head: Headings) -> ir.Table:
        """All columns of a CSV file in UTF-8 as texts; broken lines are set aside."""
        indexes = range(len(head.names))
        columns = ", ".join(f"'{column(index)}': 'VARCHAR'" for index in indexes)
        options = (
            f"columns = {{{columns}}}, auto_detect = false, header = true, skip = {head.above}, "
            f"delim = '{head.delimiter}', quote = '\"', escape = '\"', "
            "store_rejects = true, rejects_limit = 0"
        )
        table = f"read_csv({self._named(file)}, {options})"
        return self._open(f"SELECT * FROM {table}", indexes)  # noqa: S608 - our names

    def broken_lines(self) -> Iterator[BrokenLine]:
        """The lines of a CSV file that were set aside when all of it was last read."""
        found = self._run(
            "SELECT line_byte_position, min(error_type), min(csv_line) FROM reject_errors "
            "GROUP BY 1 ORDER BY 1"
        )
        for at, kind, text in found:
            line = str(text or "").lstrip("\r\n")
            empty = len(str(text or "")) - len(line)  # DuckDB begins with the lines above
            yield BrokenLine(int(at) - 1 + empty, str(kind), line.rstrip("\r\n"))

    def answer(self, expression: ir.Table) -> Iterator[tuple[Any, ...]]:
        """The rows of an expression over the open file.

        Raises:
            BadInput: the file cannot be read.
            Unusable: there is not enough memory or room.
        """
        for table in ("reject_errors", "reject_scans"):
            self._con.execute(f"DROP TABLE IF EXISTS {table}")
        return self._run(str(self._ibis.to_sql(expression, dialect="duckdb")))

    def _open(self, query: str, indexes: Sequence[int]) -> ir.Table:
        self._con.execute(f"CREATE TEMP VIEW {_TABLE} AS {query}")
        table: ir.Table = self._ibis.table({column(index): "string" for index in indexes}, _TABLE)
        return table

    def _parquet(self, file: Path) -> str:
        return f"read_parquet({self._named(file)}, binary_as_string = true)"

    def _named(self, file: Path) -> str:
        """The file by a name of ours: in names DuckDB takes ``*`` and ``[`` for patterns."""
        name = self._folder / "bill"
        if not name.is_symlink():
            name.symlink_to(file.resolve())
        return "'" + str(name).replace("'", "''") + "'"

    def _run(self, query: str) -> Iterator[tuple[Any, ...]]:
        try:
            self._con.execute(query)
            while rows := self._con.fetchmany(_AT_ONCE):
                yield from rows
        except self._no_memory as error:
            raise Unusable(
                "no-memory",
                _("The bill needs more memory or room on the disk than there is."),
                _("Point TMPDIR to a larger disk, or split the bill by month."),
            ) from error
        except self._error as error:
            why = str(error).partition("\n")[0].rstrip(".")
            raise BadInput(
                "unreadable-bill",
                _("The bill cannot be read: {why}.").format(why=why),
                _("Download it once more; it may have been cut off."),
            ) from error
