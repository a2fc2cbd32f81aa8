"""Customers and metadata: the small records an app keeps beside its orders."""

import re

import strawberry

from saleor_amazon_app.simulators.saleor.ids import InvalidIdError, type_of
from saleor_amazon_app.simulators.saleor.schema.basics import ObjectWithMetadata
from saleor_amazon_app.simulators.saleor.schema.inputs import MetadataInput, UserCreateInput
from saleor_amazon_app.simulators.saleor.schema.people import User
from saleor_amazon_app.simulators.saleor.schema.reasons import refusal
from saleor_amazon_app.simulators.saleor.state import Shop

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")


def create_customer(shop: Shop, given: UserCreateInput) -> User:
    """`customerCreate`; e-mails are stored in small letters and compared so.

    Raises:
        Refused: no e-mail, or an e-mail or reference that is taken.
    """
    email = (given.email or "").lower()
    if not email:
        raise refusal("email", "REQUIRED", "This field cannot be blank.")
    if not _EMAIL.fullmatch(email):
        raise refusal("email", "INVALID", "Enter a valid email address.")
    if email in (known.lower() for known in shop.users):
        raise refusal("email", "UNIQUE", "User with this Email already exists.")
    reference = given.external_reference
    if reference and any(user.external_reference == reference for user in shop.users.values()):
        raise refusal(
            "externalReference", "UNIQUE", "User with this External reference already exists."
        )
    user = User(
        id=strawberry.ID(shop.ids.counted("User")),
        email=email,
        first_name=given.first_name or "",
        last_name=given.last_name or "",
        is_active=True if given.is_active is None else given.is_active,
        external_reference=reference,
        remark=given.note,
    )
    user.public.update((pair.key, pair.value) for pair in given.metadata or ())
    user.hidden.update((pair.key, pair.value) for pair in given.private_metadata or ())
    shop.users[user.email] = user
    return user


def delete_customer(shop: Shop, customer_id: str) -> User:
    """`customerDelete`: orders go on without their customer, and with the e-mail they came with.

    Raises:
        Refused: there is no such customer.
    """
    user = next((each for each in shop.users.values() if each.id == customer_id), None)
    if user is None:
        raise refusal("id", "NOT_FOUND", f"Couldn't resolve to a node: {customer_id}")
    del shop.users[user.email]
    for order in shop.orders.values():
        if order.user is user:
            order.user = None
    return user


def find_record(shop: Shop, global_id: str) -> ObjectWithMetadata:
    """Whatever carries metadata under an id.

    Raises:
        Refused: nothing does, in the host's words.
    """
    try:
        type_of(global_id)
    except InvalidIdError as error:
        raise refusal(None, "INVALID", f"“{global_id}” is not a valid UUID.") from error
    people: dict[str, ObjectWithMetadata] = {user.id: user for user in shop.users.values()}
    for records in (shop.orders, shop.lines, shop.fulfillments, shop.transactions, people):
        if found := records.get(global_id):
            return found
    raise refusal("id", "NOT_FOUND", f"Couldn't resolve to a node: {global_id}")


def keep_pairs(record: ObjectWithMetadata, given: list[MetadataInput], *, private: bool) -> None:
    """`updateMetadata` and `updatePrivateMetadata`: adds and replaces, never removes.

    Raises:
        Refused: a pair has no key; nothing was kept.
    """
    if any(not pair.key.strip() for pair in given):
        raise refusal("input", "REQUIRED", "Metadata key cannot be empty.")
    kept = record.hidden if private else record.public
    kept.update((pair.key, pair.value) for pair in given)
