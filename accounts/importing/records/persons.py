"""People of the customers: exports of business-card services (Sansan, Eight) and of CRM systems, lists kept in Excel.

A person belongs to the account that the row names, by its number or by its name; within it, the same name is the same
person. An address or a telephone number never is.
"""

from collections.abc import Callable, Mapping, Set
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.importing import values
from accounts.importing.fields import Completed, Field, RecordType
from accounts.importing.known_accounts import any_account
from accounts.importing.values import Reader


def _always(reader: Reader) -> Callable[[int], Reader]:
    return lambda unit: reader


def _headings(names: str) -> tuple[str, ...]:
    return tuple(names.split("、"))


def account_of(given: Mapping[str, Any], failed: Set[str], missing: str) -> tuple[str, list[tuple[str, str]]]:
    """The account that number and name say together, and what is wrong; ``missing`` is the finding when neither says."""
    by_code, by_name = given.get("company_code"), given.get("company")
    if by_code and by_name and by_code != by_name:
        return "", [("account_conflict", "company")]
    if by_code or by_name:
        return str(by_code or by_name), []
    return "", [] if failed & {"company_code", "company"} else [(missing, "company")]


def complete(given: Mapping[str, Any], failed: Set[str]) -> Completed:
    """What several columns say together: the account by number and name, 姓 and 名 as one name."""
    account, wrong = account_of(given, failed, "account_missing")
    made = {"account": account} if account else {}
    for whole, parts in (("name", ("surname", "given_name")), ("kana", ("surname_kana", "given_kana"))):
        joined = " ".join(given[part] for part in parts if part in given)
        if whole not in given and joined:
            made[whole] = joined
    return Completed(made, wrong)


FIELDS = [
    Field(
        "company",
        _("お客様(会社名)"),
        _always(values.text(200)),
        {},
        names=_headings(
            "会社名、会社、社名、企業名、法人名、取引先名、取引先、顧客名、勤務先、勤務先名、所属会社、アカウント名、お客様、"
            "company、company name、account、account name、organization、organization name"
        ),
        hints=("会社名", "取引先名", "企業名"),
    ),
    Field(
        "company_code",
        _("お客様の番号(外部ID・法人番号)"),
        _always(values.text(100)),
        {},
        names=_headings(
            "取引先ID、取引先コード、取引先番号、顧客ID、顧客コード、会社ID、会社コード、企業コード、アカウントID、法人番号、"
            "account id、account number、company id、corporate number"
        ),
        hints=("取引先id", "法人番号"),
    ),
    Field(
        "account",
        _("お客様"),
        _always(values.text(36)),
        {"account_id": "uuid"},
        units=(),  # no column goes here: it follows from the two above
        only_when_empty=True,
    ),
    Field(
        "name",
        _("お名前"),
        _always(values.text(120)),
        {"name": "text"},
        required=True,
        names=_headings(
            "氏名、お名前、名前、担当者名、担当者、取引先責任者名、姓名、フルネーム、full name、name、contact name、person name"
        ),
        hints=("氏名", "担当者名"),
    ),
    Field(
        "surname",
        _("姓"),
        _always(values.text(60)),
        {},
        names=_headings("姓、名字、苗字、氏、last name、surname、family name"),
    ),
    Field(
        "given_name",
        _("名"),
        _always(values.text(60)),
        {},
        names=_headings("名、first name、given name"),
    ),
    Field(
        "kana",
        _("よみ"),
        _always(values.text(120)),
        {"kana": "text"},
        names=_headings(
            "ふりがな、フリガナ、よみ、ヨミ、カナ、氏名(カナ)、氏名カナ、氏名ふりがな、氏名フリガナ、お名前(ふりがな)、"
            "姓名カナ、phonetic name、kana"
        ),
        hints=("ふりがな", "フリガナ"),
    ),
    Field(
        "surname_kana",
        _("姓のよみ"),
        _always(values.text(60)),
        {},
        names=_headings(
            "姓(カナ)、姓カナ、姓(かな)、姓ふりがな、姓フリガナ、セイ、せい、姓(ふりがな)、姓(フリガナ)、last name phonetic"
        ),
    ),
    Field(
        "given_kana",
        _("名のよみ"),
        _always(values.text(60)),
        {},
        names=_headings(
            "名(カナ)、名カナ、名(かな)、名ふりがな、名フリガナ、メイ、めい、名(ふりがな)、名(フリガナ)、first name phonetic"
        ),
    ),
    Field(
        "department",
        _("部署"),
        _always(values.text(120)),
        {"department": "text"},
        names=_headings("部署、部署名、部門、部門名、所属、所属部署、部署1、department、division"),
        hints=("部署", "部門"),
    ),
    Field(
        "title",
        _("役職"),
        _always(values.text(80)),
        {"title": "text"},
        names=_headings("役職、役職名、肩書、肩書き、職位、title、job title、position"),
        hints=("役職", "肩書"),
    ),
    Field(
        "email",
        _("メール"),
        _always(values.email),
        {"email": "text"},
        names=_headings(
            "メール、メールアドレス、e-mail、email、mail、Eメール、E-mailアドレス、会社メール、email address、work email"
        ),
        hints=("メール", "e-mail", "email"),
    ),
    Field(
        "phone",
        _("電話"),
        _always(values.text(40)),
        {"phone": "text"},
        names=_headings(
            "電話、電話番号、直通電話、TEL直通、直通、TEL、TEL会社、会社電話、携帯電話、携帯、電話(直通)、phone、mobile、"
            "telephone、phone number、business phone"
        ),
        hints=("tel", "電話"),
    ),
    Field(
        "external_id",
        _("外部ID(照らし合わせに使う)"),
        _always(values.text(100)),
        {"external_id": "text"},
        names=_headings(
            "外部ID、取引先責任者ID、担当者ID、人物ID、名刺ID、コンタクトID、リードID、contact id、person id、external id、id"
        ),
    ),
    Field(
        "note",
        _("メモ"),
        _always(values.text(2000)),
        {"note": "text"},
        names=_headings("メモ、備考、コメント、名刺メモ、説明、note、notes、memo、description"),
    ),
]

_SAME_NAME = "translate(n.name, ' 　', '') = translate(r.name, ' 　', '')"
_NO_OTHER_NUMBER = "(n.external_id IS NULL OR r.external_id IS NULL OR n.external_id = r.external_id)"

PERSONS = RecordType(
    name="persons",
    label=_("キーパーソン"),
    counter=_("人"),
    model="accounts.KeyPerson",
    fields=FIELDS,
    keys=("external_id",),
    natural=f"n.account_id = r.account_id AND {_SAME_NAME} AND {_NO_OTHER_NUMBER}",
    natural_group="account_id, translate(name, ' 　', '')",
    lookups={"company": any_account, "company_code": any_account},
    complete=complete,
    notable=("name", "department", "title", "email", "phone"),
    has_facts=False,
)
