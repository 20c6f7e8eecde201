"""Money in capital numerals (大写金额), as a voucher has to state it so that no digit can be changed afterwards."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_MYRIADS = ("", "万", "亿", "万亿")


def capital_yuan(fen: int) -> str:
    """``123450`` → 人民币壹仟贰佰叁拾肆元伍角; whole yuan end in 整, one 零 stands for any run of empty places.

    As in the rules for filling in bills and settlement vouchers (《正确填写票据和结算凭证的基本规定》).
    """
    yuan, rest = divmod(abs(fen), 100)
    jiao, cents = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan or not rest else ""
    if not rest:
        words += "整"
    elif jiao:
        words += f"{_DIGITS[jiao]}角"
    elif yuan:
        words += _DIGITS[0]
    if cents:
        words += f"{_DIGITS[cents]}分"
    return f"人民币{'负' if fen < 0 else ''}{words}"


def _whole(number: int) -> str:
    """A whole number, four digits at a time: 10,0500 → 壹拾万零伍佰."""
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    if len(groups) > len(_MYRIADS):
        raise ValueError("more than there is money")
    words, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(words)
            continue
        needs_zero = words and (gap or group < 1000)
        words += f"{_DIGITS[0] if needs_zero else ''}{_thousand(group)}{_MYRIADS[place]}"
        gap = False
    return words or _DIGITS[0]


def _thousand(group: int) -> str:
    """Up to four digits: 1050 → 壹仟零伍拾."""
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            words += f"{_DIGITS[0] if gap else ''}{_DIGITS[digit]}{_PLACES[place]}"
        gap = not digit and bool(words)
    return words
