"""What staff do to stores: connect them, look after them, save their settings."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry

from saleor_amazon_app.core.errors import AppError
from saleor_amazon_app.core.ids import SaleorApiUrl, StoreId
from saleor_amazon_app.entrypoints.dashboard_api.context import Context, Info
from saleor_amazon_app.entrypoints.dashboard_api.fields import MANAGE_APPS, MANAGE_ORDERS, mutation
from saleor_amazon_app.entrypoints.dashboard_api.problems import (
    STORE_UNKNOWN,
    Problem,
    problem_of,
)
from saleor_amazon_app.entrypoints.dashboard_api.settings_input import (
    StoreSettingsInput,
    with_changes,
)
from saleor_amazon_app.entrypoints.dashboard_api.store_inputs import (
    ConnectStoreInput,
    ReauthoriseInput,
    StartConsentInput,
    authorisation_of,
    consent_draft,
    new_store,
)
from saleor_amazon_app.entrypoints.dashboard_api.stores import Store, store_of
from saleor_amazon_app.flows import choices, connecting, consenting, store_desk
from saleor_amazon_app.ledger.stores import Store as StoreRow

# Of which input Amazon speaks when it does not accept what was entered.
_CREDENTIALS = {
    "amazon-reauthorise": "refreshToken",
    "amazon-client-refused": "clientSecret",
    "amazon-access-denied": "region",
}


@strawberry.type
class Deleted:
    """A store that is gone, with all that was known of it."""

    id: strawberry.ID


@strawberry.type
class Consent:
    """Where the seller gives consent; the state comes back with the seller."""

    url: str
    state: str


StoreResult = Annotated[Store | Problem, strawberry.union("StoreResult")]
DeletedResult = Annotated[Deleted | Problem, strawberry.union("DeletedResult")]
ConsentResult = Annotated[Consent | Problem, strawberry.union("ConsentResult")]


@strawberry.type
class StoreMutations:
    """What can be done to the shop's stores."""

    @mutation(MANAGE_APPS)
    async def connect_store(self, info: Info, input: ConnectStoreInput) -> StoreResult:
        """Connects a seller by the credentials of a private app, after asking both sides."""
        context = info.context
        try:
            store, wanted = new_store(input)
            made = await connecting.connect(
                context.lines,
                SaleorApiUrl(context.shop.saleor_api_url),
                store,
                wanted,
                by=context.actor,
            )
        except AppError as error:
            return problem_of(error, fields=_CREDENTIALS)
        return await _shown(context, made.store_id)

    @mutation(MANAGE_APPS)
    async def start_consent(self, info: Info, input: StartConsentInput) -> ConsentResult:
        """Begins a consent in Seller Central, for a new store or for one that is there."""
        context = info.context
        row = await context.store(input.store_id) if input.store_id else None
        if input.store_id and row is None:
            return STORE_UNKNOWN
        try:
            draft = consenting.draft_of(row) if row else consent_draft(input)
            begun = await consenting.begin(context.lines, context.shop, draft, by=context.actor)
        except AppError as error:
            return problem_of(error)
        return Consent(url=begun.url, state=begun.state)

    @mutation(MANAGE_APPS)
    async def reauthorise_store(
        self, info: Info, id: strawberry.ID, input: ReauthoriseInput
    ) -> StoreResult:
        """Replaces the credentials of a store, after showing that Amazon accepts them."""
        context = info.context

        async def act(row: StoreRow) -> None:
            new = authorisation_of(input, row.authorisation(context.lines.cipher))
            await connecting.reauthorise(context.lines, row, new, by=context.actor)

        return await _done(context, id, act)

    @mutation(MANAGE_APPS)
    async def activate_store(self, info: Info, id: strawberry.ID) -> StoreResult:
        """Switches a store on; what came meanwhile is read."""
        context = info.context
        return await _done(
            context, id, lambda row: store_desk.activate(context.lines, row, by=context.actor)
        )

    @mutation(MANAGE_APPS)
    async def deactivate_store(self, info: Info, id: strawberry.ID) -> StoreResult:
        """Stops all work for a store and keeps everything."""
        context = info.context
        return await _done(
            context, id, lambda row: store_desk.deactivate(context.lines, row, by=context.actor)
        )

    @mutation(MANAGE_APPS)
    async def delete_store(self, info: Info, id: strawberry.ID, name: str) -> DeletedResult:
        """Deletes a store with its tokens, buyers and orders, if its name is given as well."""
        context = info.context
        row = await context.store(id)
        if row is None:
            return STORE_UNKNOWN
        try:
            await store_desk.delete(context.lines, row, name, by=context.actor)
        except AppError as error:
            return problem_of(error)
        context.forget_stores()
        return Deleted(id=id)

    @mutation(MANAGE_APPS)
    async def save_settings(
        self, info: Info, store_id: strawberry.ID, settings: StoreSettingsInput
    ) -> StoreResult:
        """Changes the settings that are given, after asking the shop whether they can work."""
        context = info.context

        async def act(row: StoreRow) -> None:
            before = context.choices(row.id)
            wanted = with_changes(before, settings)
            await choices.save(context.lines, context.shop, row, wanted, by=context.actor)

        return await _done(context, store_id, act)

    @mutation(MANAGE_ORDERS, MANAGE_APPS)
    async def sync_now(self, info: Info, store_id: strawberry.ID) -> StoreResult:
        """Has a store read at once."""
        context = info.context
        return await _done(
            context, store_id, lambda row: store_desk.sync_now(context.lines, row, by=context.actor)
        )


async def _done(
    context: Context, id: str, act: Callable[[StoreRow], Awaitable[None]]
) -> Store | Problem:
    """The store after something was done to it, or why it was not."""
    row = await context.store(id)
    if row is None:
        return STORE_UNKNOWN
    try:
        await act(row)
    except AppError as error:
        return problem_of(error, fields=_CREDENTIALS)
    return await _shown(context, StoreId(row.id))


async def _shown(context: Context, store_id: StoreId) -> Store | Problem:
    context.forget_stores()
    row = (await context.stores()).get(store_id)
    return store_of(row) if row else STORE_UNKNOWN
