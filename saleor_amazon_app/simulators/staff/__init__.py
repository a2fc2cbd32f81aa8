"""Staff of the simulated shop: a robot that ships, cancels and refunds orders as people do.

It sees and does everything over the shop's own API with a token of the staff, makes up its mind
about each order from a seed, and remembers which refunds it asked for and what must become of
them. `orders` → `errands` → `robot`.
"""

from saleor_amazon_app.simulators.staff.errands import Asked, Must
from saleor_amazon_app.simulators.staff.robot import Robot, SellerCentral

__all__ = ["Asked", "Must", "Robot", "SellerCentral"]
