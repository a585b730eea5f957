"""CSV files as tables: what is read, and what is refused with its row and column."""

import codecs
import gzip

import pytest

from autograd_bp.errors import DataError
from autograd_bp.training import table as tables
from autograd_bp.training.table import read_table


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "data.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_table_has_named_columns_and_rows_of_text(file):
    table = read_table(file("a, b ,c\n1,2,x\n3,4,y\n"))
    assert table.columns == ["a", "b", "c"]
    assert table.rows == [["1", "2", "x"], ["3", "4", "y"]]
    assert table.numbers(["b", "a"]) == [[2.0, 1.0], [4.0, 3.0]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_of_every_kind_are_read(file, separator, end):
    table = read_table(file(end.join([f"a{separator}b", f"1{separator}2", "", ""])))
    assert (table.columns, table.rows) == (["a", "b"], [["1", "2"]])


def test_cells_may_be_quoted_and_hold_separators_and_lines(file):
    table = read_table(file('a,"b, or\nnot"\n1,"say ""hi"""\n'))
    assert table.columns == ["a", "b, or\nnot"]
    assert table.rows == [["1", 'say "hi"']]


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + "größe,b\n1,2\n".encode(),
        "größe,b\n1,2\n".encode("utf-16"),
        codecs.BOM_UTF16_BE + "größe,b\n1,2\n".encode("utf-16-be"),
        "größe,b\n1,2\n".encode("utf-32"),
        gzip.compress("größe,b\n1,2\n".encode(), mtime=0),
    ],
    ids=["UTF-8 with a mark", "UTF-16", "UTF-16 big-endian", "UTF-32", "gzip"],
)
def test_encodings_that_announce_themselves_are_read(file, content):
    assert read_table(file(content)).columns == ["größe", "b"]


def test_columns_named_by_counting_are_names(file):
    assert read_table(file("0,1,2\n5,6,7\n")).columns == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("\n\n \n", "is empty"),
        ("a,b\n", "a header and no rows"),
        ("a,b\n1,2\n3\n", r"row 2 \(line 3\) has 1 cells where the header has 2"),
        ("a,b\n1,2,3\n", r"row 1 \(line 2\) has 3 cells where the header has 2"),
        ("a,b\n\n1\n", r"row 1 \(line 3\)"),
        ("a,,c\n1,2,3\n", "column 2 of the header has no name"),
        ("a,b,a\n1,2,3\n", "two columns are named 'a'"),
        ("5.1,3.5,1.4\n4.9,3.0,1.4\n", "the first line holds numbers"),
        ('a,b\n1,"2\n', "cannot be read as CSV"),
        ("a,b\n1," + "9" * 200_000 + "\n", "field larger than field limit"),
        ("a,b\n1,\0\n", "null characters"),
        ("a,b\n1,caf\xe9\n".encode("latin-1"), r"is not UTF-8 text \(byte 0xe9 in line 2\)"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is not UTF-8 text"),
        (b"\xff\xfea", "is not UTF-8 text"),
        (gzip.compress(b"a,b\n1,2\n" * 99, mtime=0)[:-9], "cannot read"),
        (b"\x1f\x8b\x08garbage", "cannot read"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_table_is_refused_with_its_place(file, content, message):
    with pytest.raises(DataError, match=message):
        read_table(file(content))


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("abc", "'abc' is not a number"),
        ("", "is empty"),
        ("  ", "is empty"),
        ("nan", "not a finite number"),
        ("NaN", "not a finite number"),
        ("inf", "not a finite number"),
        ("1e999", "not a finite number"),
        ("1_000", "is not a number"),
        ('"1,5"', "'1,5' is not a number"),
        ("0x10", "not a number"),
    ],
)
def test_a_cell_that_is_no_number_is_named_by_row_and_column(file, cell, problem):
    table = read_table(file(f"x,size\n1,2\n3,{cell}\n"))
    with pytest.raises(DataError, match=rf"row 2 \(line 3\), column 'size': .*{problem}"):
        table.numbers(["x", "size"])


def test_a_column_that_does_not_exist_is_named_with_those_that_do(file):
    with pytest.raises(DataError, match="no column 'c'; the columns are 'a', 'b'"):
        read_table(file("a,b\n1,2\n")).index("c")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"there is no file .*nowhere\.csv"):
        read_table(tmp_path / "nowhere.csv")


def test_a_folder_is_no_table(tmp_path):
    with pytest.raises(DataError, match="cannot read"):
        read_table(tmp_path)


def test_a_path_with_a_null_character_is_no_table():
    with pytest.raises(DataError, match="cannot read"):
        read_table("a\0b")


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
def test_a_file_beyond_the_limit_is_refused_before_it_fills_the_memory(file, monkeypatch, pack):
    monkeypatch.setattr(tables, "MAX_BYTES", 1000)
    with pytest.raises(DataError, match="more than 1,000 bytes"):
        read_table(file(pack(b"a,b\n" + b"1,2\n" * 1000)))


def test_messages_stay_short_where_cells_are_long(file):
    table = read_table(file("x\n" + "a" * 100_000 + "\n"))
    with pytest.raises(DataError) as caught:
        table.numbers(["x"])
    assert len(str(caught.value)) < 400
