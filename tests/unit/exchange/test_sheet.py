import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.exchange import limits
from sqzl_desktop.exchange.sheet import read_sheet, write_sheet

from .old_workbook import xls_bytes

TABLE = "姓名,电话\r\n陈凯,15412345678\r\n"


def stored(folder, content, name="表.csv"):
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def refusal(path):
    with pytest.raises(KnownError) as refused:
        read_sheet(path)
    return str(refused.value)


def workbook(folder, fill, name="表.xlsx"):
    book = openpyxl.Workbook()
    fill(book)
    book.save(folder / name)
    return folder / name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_read_sheet_finds_out_the_encoding(tmp_path, encoding):
    sheet = read_sheet(stored(tmp_path, TABLE.encode(encoding)))

    assert sheet.rows == (("姓名", "电话"), ("陈凯", "15412345678"))
    assert sheet.encoding == encoding


def test_read_sheet_keeps_rare_characters_of_gb18030(tmp_path):
    sheet = read_sheet(stored(tmp_path, "姓名,年\n䶮𬭚㛃,1\n".encode("gb18030")))

    assert sheet.rows[1][0] == "䶮𬭚㛃"


@pytest.mark.parametrize("sign", ["\t", ";"])
def test_read_sheet_takes_other_separators(tmp_path, sign):
    assert read_sheet(stored(tmp_path, TABLE.replace(",", sign))).rows[1] == ("陈凯", "15412345678")


def test_read_sheet_counts_rows_as_the_file_does(tmp_path):
    sheet = read_sheet(stored(tmp_path, "\n\n姓名,电话\n\n陈凯,1\n\n,\n"))

    assert [number for number, row in enumerate(sheet.rows, 1) if any(row)] == [3, 5]
    assert len(sheet.rows) == 5


@pytest.mark.parametrize("name", ["表.xlsx", "表.csv"])
def test_written_sheet_is_read_back_the_same(tmp_path, name):
    path = tmp_path / name
    write_sheet(path, ["姓名", "生日", "数"], [["陈凯", dt.date(1985, 3, 2), 3], ["", None, 1.5]])

    assert read_sheet(path).rows == (
        ("姓名", "生日", "数"),
        ("陈凯", "1985-03-02", "3"),
        ("", "", "1.5"),
    )


RISKY = ["=1+1", "+86", "-2", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"]


def test_csv_cells_cannot_act_as_formulas(tmp_path):
    write_sheet(tmp_path / "表.csv", ["=h"], [[cell] for cell in RISKY])

    rows = read_sheet(tmp_path / "表.csv").rows
    assert [row[0] for row in rows] == ["'=h", *(f"'{cell}" for cell in RISKY)]


def test_xlsx_cells_stay_text(tmp_path):
    write_sheet(tmp_path / "表.xlsx", ["=h"], [[cell] for cell in (*RISKY, "#N/A", "a\x00b")])

    book = openpyxl.load_workbook(tmp_path / "表.xlsx")
    cells = [row[0] for row in book.active.iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells][1:3] == ["=1+1", "+86"]
    assert cells[-1].value == "ab"


def test_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "表.csv"
    write_sheet(path, ["a"], [["旧"]])

    def broken():
        yield ["新"]
        raise KeyError

    with pytest.raises(KeyError):
        write_sheet(path, ["a"], broken())
    assert read_sheet(path).rows[1] == ("旧",)
    assert list(tmp_path.iterdir()) == [path]


def test_write_sheet_says_when_there_is_no_such_folder(tmp_path):
    with pytest.raises(KnownError, match="换一个文件夹"):
        write_sheet(tmp_path / "无" / "表.csv", ["a"], [])


def test_numbers_are_read_as_they_are_shown(tmp_path):
    def fill(book):
        book.active.append([15412345678, 1.25, 0.1 + 0.2, 640104198503024511, 640104800815123])
        book.active.append([dt.date(1985, 3, 2), dt.datetime(2026, 7, 1, 9, 30), True, "01"])  # noqa: DTZ001

    sheet = read_sheet(workbook(tmp_path, fill))

    assert sheet.rows[0] == ("15412345678", "1.25", "0.3", "6.40104E+17", "640104800815123")
    assert sheet.rows[1][:4] == ("1985-03-02", "2026-07-01 09:30:00", "是", "01")


def test_cells_keep_their_place_in_the_workbook(tmp_path):
    def fill(book):
        book.active["C4"] = "姓名"
        book.create_sheet("二")["A1"] = "别的"

    path = workbook(tmp_path, fill)

    assert read_sheet(path).rows == ((*("",) * 3,),) * 3 + (("", "", "姓名"),)
    assert read_sheet(path, name="二").rows == (("别的",),)
    with pytest.raises(KnownError, match="没有工作表"):
        read_sheet(path, name="三")


def test_hidden_and_empty_sheets_are_passed_over(tmp_path):
    def fill(book):
        book.active["A1"] = "隐藏"
        book.active.sheet_state = "hidden"
        book.create_sheet("空")
        book.create_sheet("居民")["A1"] = "姓名"

    assert read_sheet(workbook(tmp_path, fill)).name == "居民"


def test_old_workbook_is_read(tmp_path):
    content = xls_bytes({(1, 0): "姓名", (1, 1): "电话", (2, 0): "陈凯", (2, 1): 15412345678.0})

    sheet = read_sheet(stored(tmp_path, content, "表.xls"))

    assert sheet.rows[1:] == (("姓名", "电话"), ("陈凯", "15412345678"))
    assert sheet.encoding == "xls"


def test_old_workbook_with_a_far_cell_is_refused(tmp_path):
    far = stored(tmp_path, xls_bytes({(0, 0): "a", (9, 40_000): "b"}), "列.xls")
    wide = stored(tmp_path, xls_bytes({(0, 0): "a", (65_000, 250): "b"}), "大.xls")

    assert "列" in refusal(far)
    assert "范围过大" in refusal(wide)


def test_old_workbook_whose_sectors_run_in_circles_is_refused(tmp_path):
    content = bytearray(xls_bytes({(0, 0): "a"}))
    content[512 + 8 : 512 + 12] = (2).to_bytes(4, "little")

    assert "已损坏" in refusal(stored(tmp_path, bytes(content), "表.xls"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的"),
        (b" \r\n,,\r\n", "表格是空的"),
        (b"%PDF-1.7\n", "不是表格文件"),
        (b"\x89PNG\r\n\x1a\n", "不是表格文件"),
        (b"a,b\x00c\n", "不是表格文件"),
        (b"\xff\xff\xff\xff", "不是表格文件"),
        (b"<html><table><tr><td>a", "网页格式"),
        (b"PK\x03\x04" + b"x" * 50, "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "已损坏"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "文件有密码",
        ),
        (b'a,b\n"' + b"x" * 200_000, "引号不成对"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path, content, sentence):
    assert sentence in refusal(stored(tmp_path, content))


def test_missing_file_is_refused(tmp_path):
    assert "找不到文件" in refusal(tmp_path / "无.csv")
    assert "找不到文件" in refusal(tmp_path)
    assert "找不到文件" in refusal(Path("a\0b"))


def archive(folder, members):
    with zipfile.ZipFile(folder / "表.xlsx", "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return folder / "表.xlsx"


def test_other_archives_are_refused(tmp_path):
    assert "另存为 xlsx" in refusal(archive(tmp_path, {"mimetype": "x"}))


def test_archive_that_swells_is_refused(tmp_path):
    path = archive(tmp_path, {"xl/workbook.xml": "", "xl/a.xml": b"0" * 5_000_000})
    assert "压缩比异常" in refusal(path)


def test_archive_of_many_members_is_refused(tmp_path):
    members = {f"xl/{number}.xml": "" for number in range(limits.MOST_MEMBERS + 1)}
    assert "过大" in refusal(archive(tmp_path, members))


def test_archive_too_large_unpacked_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_UNPACKED", 1000)
    assert "过大" in refusal(archive(tmp_path, {"xl/workbook.xml": "x" * 1001}))


def test_file_over_the_size_limit_is_refused(tmp_path):
    path = tmp_path / "表.csv"
    with path.open("wb") as file:
        file.truncate(limits.LARGEST_FILE + 1)
    assert "50MB" in refusal(path)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [("XFD1000", "范围过大"), ("A1048576", "200000行"), ("KN150000", "范围过大")],
)
def test_one_far_cell_is_refused_before_it_fills_the_memory(tmp_path, cell, sentence):
    def fill(book):
        book.active["A1"] = "姓名"
        book.active[cell] = "x"

    assert sentence in refusal(workbook(tmp_path, fill))


def test_far_cells_that_only_have_a_style_do_no_harm(tmp_path):
    def fill(book):
        book.active["A1"] = "姓名"
        book.active["ZZ1048576"].number_format = "0.00"

    assert read_sheet(workbook(tmp_path, fill)).rows == (("姓名",),)


def test_document_type_in_a_sheet_is_refused(tmp_path):
    path = workbook(tmp_path, lambda book: book.active.append(["姓名"]))
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    name = "xl/worksheets/sheet1.xml"
    members[name] = b'<!DOCTYPE a [<!ENTITY b "c">]>' + members[name]

    assert "已损坏" in refusal(archive(tmp_path, members))


def test_too_many_rows_are_refused(tmp_path):
    assert "200000行" in refusal(stored(tmp_path, "a\n" * 200_001))
    assert "200000行" in refusal(stored(tmp_path, "a,b\n" * 1_000_000))


def test_thousand_columns_leave_the_first_ones(tmp_path):
    sheets = [
        read_sheet(stored(tmp_path, ",".join(map(str, range(1000))) + "\n甲")),
        read_sheet(workbook(tmp_path, lambda book: book.active.append(list(range(1000))))),
    ]

    for sheet in sheets:
        assert len(sheet.rows[0]) == limits.MOST_COLUMNS
        assert sheet.notes == ("表格超过300列，只读了前300列",)
    assert sheets[0].rows[1] == ("甲",)


def test_workbook_with_a_password_is_refused_with_a_sentence(tmp_path):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    path = tmp_path / "locked.xlsx"
    path.write_bytes(content + "EncryptedPackage".encode("utf-16-le"))

    assert "密码" in refusal(path)


def test_trailing_empty_rows_do_not_count(tmp_path):
    assert len(read_sheet(stored(tmp_path, "a,b\n" + ",\n" * 250_000)).rows) == 1


def new_workbook():
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["姓名", 1, dt.date(1985, 3, 2)])
    book.save(content)
    return content.getvalue()


NEW_WORKBOOK = new_workbook()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    start=st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"]),
    rest=st.binary(max_size=600),
)
def test_random_bytes_give_a_sheet_or_a_sentence(tmp_path, start, rest):
    read_or_refused(stored(tmp_path, start + rest))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    old=st.booleans(),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
)
def test_damaged_workbooks_give_a_sheet_or_a_sentence(tmp_path, old, changes):
    content = bytearray(xls_bytes({(0, 0): "姓名", (1, 0): 1.5}) if old else NEW_WORKBOOK)
    for where, byte in changes:
        content[int(where * len(content))] = byte
    read_or_refused(stored(tmp_path, bytes(content)))


def read_or_refused(path):
    sentence, sheet = "", None
    try:
        sheet = read_sheet(path)
    except KnownError as refused:
        sentence = str(refused)
    assert "，" in sentence or sheet.rows
    assert sheet is None or all(isinstance(cell, str) for row in sheet.rows for cell in row)


def test_formulas_macros_and_links_are_told_and_never_followed(tmp_path):
    path = tmp_path / "live.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["姓名", "合计"])
    book.active.append(["马小明", "=1+1"])
    book.active.append(['=WEBSERVICE("http://x")', "='[1]别处'!A1"])
    book.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink/>")

    sheet = read_sheet(path)

    assert sheet.notes == (
        "有3个公式格，取的是文件里存下的结果，没有重新计算",
        "文件带有宏，没有运行",
        "文件引用了别的文件，没有打开它们",
    )
    assert sheet.rows[:2] == (("姓名", "合计"), ("马小明", ""))


def test_text_that_begins_like_a_formula_stays_text(tmp_path):
    path = tmp_path / "text.csv"
    path.write_text('姓名,备注\n马小明,=HYPERLINK("http://x")\n', encoding="utf-8")

    assert read_sheet(path).rows[1][1].startswith("=HYPERLINK")


def test_cells_merged_downward_say_the_same_in_every_row(tmp_path):
    path = tmp_path / "merged.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    for row in (["房号", "住户", ""], ["", "姓名", "电话"], ["101", "甲", "1"], ["", "乙", "2"],
                ["", "丙", ""], ["102", "丁", "3"]):  # fmt: skip
        page.append(row)
    for area in ("A1:A2", "B1:C1", "A3:A5", "C4:C5"):
        page.merge_cells(area)
    book.save(path)

    assert read_sheet(path).rows == (
        ("房号", "住户", ""),
        ("房号", "姓名", "电话"),
        ("101", "甲", "1"),
        ("101", "乙", "2"),
        ("101", "丙", "2"),
        ("102", "丁", "3"),
    )
