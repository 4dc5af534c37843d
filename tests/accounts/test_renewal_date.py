"""The renewal date that lists sort by: the database keeps it, whoever writes contracts."""

from datetime import date

from accounts.models import Account, Contract
from tenants.scope import tenant_scope
from tests import make
from tests.world import World


def renewal_of(account: Account) -> date | None:
    return Account.objects.values_list("renews_on", flat=True).get(pk=account.pk)


def test_the_first_undecided_renewal_is_the_accounts(world: World) -> None:
    with tenant_scope(world.tenant()):
        account = make.account()
        assert renewal_of(account) is None
        make.row(Contract, account, starts_on=None, renews_on=date(2027, 9, 30))
        early = make.row(Contract, account, starts_on=None, renews_on=date(2027, 3, 31))
        assert renewal_of(account) == date(2027, 3, 31)
        Contract.objects.filter(pk=early.pk).update(decision="renewed")
        assert renewal_of(account) == date(2027, 9, 30)


def test_a_decided_renewal_stays_until_the_next_one_is_entered(world: World) -> None:
    with tenant_scope(world.tenant()):
        account = make.account()
        contract = make.row(
            Contract, account, starts_on=None, renews_on=date(2027, 3, 31), decision="renewed"
        )
        assert renewal_of(account) == date(2027, 3, 31)
        contract.put_in_bin()
        assert renewal_of(account) is None
        contract.take_out_of_bin()
        Contract.objects.filter(pk=contract.pk).update(renews_on=date(2028, 3, 31), decision="undecided")
        assert renewal_of(account) == date(2028, 3, 31)
        contract.delete()
        assert renewal_of(account) is None


def test_other_accounts_keep_theirs(world: World) -> None:
    with tenant_scope(world.tenant()):
        account, other = make.account(), make.account()
        make.row(Contract, other, starts_on=None, renews_on=date(2027, 1, 31))
        before = Account.objects.get(pk=other.pk).version
        make.row(Contract, account, starts_on=None, renews_on=date(2027, 3, 31))
        assert renewal_of(other) == date(2027, 1, 31)
        assert Account.objects.get(pk=other.pk).version == before
