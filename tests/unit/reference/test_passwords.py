"""Passwords that are tried first are found, and three words are not among them."""

import pytest

from caseapp.reference.passwords import is_common

FIRST = (
    "zhangwei1990", "Qwer1234!@#$", "1qaz@WSX3edc", "woaini1314520", "P@ssw0rd2024", "Beijing2008!", "shegongzhan2024", "13812345678",
    "abcabcabc1", "liuyang19900101", "Admin@123456", "aaaaaaaaaa", "20240101aa", "Welcome2024!!", "87654321abc", "Huawei@1234",
)  # fmt: skip
GOOD = (
    "three quiet geese",
    "river-stone-lamp",
    "correct horse battery",
    "Tm7#kq9!Vw2z",
    "hehua-qingwa-83",
    "蓝色的小船3只 on lake",
)


@pytest.mark.parametrize("password", FIRST)
def test_what_is_tried_first(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize("password", GOOD)
def test_what_nobody_tries(password: str) -> None:
    assert not is_common(password)
