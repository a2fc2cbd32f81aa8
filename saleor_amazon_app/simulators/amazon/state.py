"""Everything a simulated Amazon knows, apart from how it is reached."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from saleor_amazon_app.core.times import Clock
from saleor_amazon_app.simulators.amazon.accounts import Seller
from saleor_amazon_app.simulators.amazon.buckets import Operation
from saleor_amazon_app.simulators.amazon.faults import Faults
from saleor_amazon_app.simulators.amazon.lwa import Login
from saleor_amazon_app.simulators.amazon.pace import Pace
from saleor_amazon_app.simulators.amazon.timelines import ScriptedOrder


@dataclass
class AmazonState:
    """Sellers, tokens, failures to come, and a count of what was asked.

    Attributes:
        calls: every request per operation, the refused ones included.
        refusals: per operation and status, the answers that were errors.
    """

    pace: Pace
    clock: Clock
    login: Login
    faults: Faults = field(default_factory=Faults)
    sellers: dict[str, Seller] = field(default_factory=dict)
    calls: Counter[Operation] = field(default_factory=Counter)
    refusals: Counter[tuple[Operation, int]] = field(default_factory=Counter)

    def add_seller(
        self,
        seller_id: str,
        *,
        refresh_token: str,
        orders: Sequence[ScriptedOrder] = (),
        marketplaces: Sequence[str] = (),
    ) -> Seller:
        """Opens another seller's account for the same app."""
        seller = Seller(
            seller_id=seller_id,
            refresh_token=refresh_token,
            marketplaces=marketplaces,
            pace=self.pace,
            clock=self.clock,
        )
        seller.orders.add(orders)
        self.sellers[seller_id] = seller
        self.login.enrol(seller)
        return seller

    @property
    def seller(self) -> Seller:
        """The first seller, the one every simulation has."""
        return next(iter(self.sellers.values()))

    def issue_code(self) -> str:
        """The one-time code that the first seller's consent gives to the app."""
        return self.login.issue_code(self.seller, now=self.clock())
