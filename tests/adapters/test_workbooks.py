"""What offices send is read as rows of text, whoever made it; what is no table is refused."""

import pytest

from caseapp.adapters import spreadsheets, workbooks


def test_a_table_is_read_as_rows_of_text() -> None:
    assert workbooks.rows("a,b\n1,二\n".encode()) == [["a", "b"], ["1", "二"]]
    assert workbooks.rows("a,b\n1,二\n".encode("gb18030")) == [["a", "b"], ["1", "二"]]
    blank = spreadsheets.blank_xlsx("t", [("代码", "hint"), ("名称", "")])
    assert workbooks.rows(blank)[0] == ["代码", "名称"]
    for wrong in (b"\xff\xfe\x00", b"PK\x03\x04", b"a\0b"):
        with pytest.raises(workbooks.BadTable):
            workbooks.rows(wrong)
