"""What the host learns of the buyer: an e-mail, a customer, and private metadata.

Besides addresses these are the only places from which the host can erase buyer data.
"""

import re

from saleor_amazon_app.amazon.order_records import Order
from saleor_amazon_app.core.choices import BuyerEmail, Choices, Customer
from saleor_amazon_app.saleor.catalogue_records import HostCatalogue
from saleor_amazon_app.saleor.order_inputs import MetadataInput, OrderUserInput

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}")


def undeliverable(order: Order) -> str | None:
    """The buyer's alias in a form that no mail can reach, stable per buyer and seller.

    `.invalid` is reserved for this (RFC 2606): each mail to it bounces to its sender.
    """
    alias = _alias(order)
    return f"{alias}.invalid" if alias else None


def customer_email(order: Order, choices: Choices) -> str | None:
    """The e-mail by which the order's customer is kept; None for a guest."""
    return undeliverable(order) if choices.customer is Customer.CREATE_OR_REUSE else None


def emails_to_look_up(order: Order, choices: Choices) -> set[str]:
    """Addresses of which the host must say whether a customer has them, before deciding."""
    addresses = {customer_email(order, choices), _guest_email(order, choices)}
    return {address for address in addresses if address}


def user_of(order: Order, choices: Choices, host: HostCatalogue) -> OrderUserInput:
    """Whose order it is in the host.

    The host attaches an order to whoever has its e-mail, so a guest's order goes without one
    when a customer has it.
    """
    email = customer_email(order, choices)
    if email:
        known = host.customers.get(email)
        return OrderUserInput(id=known) if known else OrderUserInput(email=email)
    guest = _guest_email(order, choices)
    return OrderUserInput(email=guest if guest not in host.customers else None)


def _guest_email(order: Order, choices: Choices) -> str | None:
    match choices.buyer_email:
        case BuyerEmail.NONE:
            return None
        case BuyerEmail.UNDELIVERABLE:
            return undeliverable(order)
        case BuyerEmail.AMAZON_ALIAS:
            return _alias(order)


def _alias(order: Order) -> str | None:
    email = (order.buyer.buyer_email or "").strip().lower() if order.buyer else ""
    return email if _EMAIL.fullmatch(email) else None


def private_metadata(order: Order) -> tuple[MetadataInput, ...]:
    """Buyer data for staff, kept where the host can erase it."""
    pairs: list[tuple[str, str | None]] = []
    if buyer := order.buyer:
        pairs += [
            ("amazonBuyerName", buyer.buyer_name),
            ("amazonBuyerAlias", buyer.buyer_email),
            ("amazonBuyerCompany", buyer.buyer_company_name),
            ("amazonPurchaseOrderNumber", buyer.buyer_purchase_order_number),
        ]
    preference = order.recipient.delivery_preference if order.recipient else None
    if preference:
        pairs += [
            ("amazonDropOffLocation", preference.drop_off_location),
            ("amazonDeliveryInstructions", preference.address_instruction),
        ]
    for number, registration in enumerate(order.tax.tax_registrations or () if order.tax else ()):
        words = (
            registration.entity_type,
            registration.tax_registration_type,
            registration.tax_registration_number,
            registration.legal_name,
        )
        pairs.append((f"amazonTaxRegistration{number + 1}", " ".join(filter(None, words))))
    for item in order.order_items:
        packing = item.fulfillment.packing if item.fulfillment else None
        gift = packing.gift_option if packing else None
        custom = item.product.customization
        pairs += [
            (f"amazonGiftMessage.{item.order_item_id}", gift.gift_message if gift else None),
            (
                f"amazonCustomization.{item.order_item_id}",
                custom.customized_url if custom else None,
            ),
        ]
    return tuple(MetadataInput(key=key, value=value) for key, value in pairs if value)
