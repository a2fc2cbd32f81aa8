"""The director's desk over HTTP: the same failures and changes a test makes in-process.

    GET  /_simulator/calls            how often each operation was asked, and refused
    GET  /_simulator/state            orders, tokens, failures that are waiting
    GET  /_simulator/orders/<number>  what Amazon knows of one order, for any page to read
    GET  /_simulator/outcome          the book for judges: parcels, cancellations, refunds, misdeeds
    POST /_simulator/orders           a document of orders, as `timelines` describes it
    POST /_simulator/<action>         a JSON object of the action's arguments, or nothing

`sellerId` in an action's arguments, or in the query when orders are added, names a seller other
than the first.
"""

import json
from collections.abc import Awaitable, Callable
from decimal import Decimal

from pydantic import ValidationError, validate_call
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from saleor_amazon_app.simulators.amazon.accounts import Seller
from saleor_amazon_app.simulators.amazon.answers import JsonObject, json_answer
from saleor_amazon_app.simulators.amazon.book import UnknownOrderError
from saleor_amazon_app.simulators.amazon.outcome import order_outcome, outcome_of
from saleor_amazon_app.simulators.amazon.pace import written
from saleor_amazon_app.simulators.amazon.state import AmazonState
from saleor_amazon_app.simulators.amazon.timelines import from_json


class _NotUnderstoodError(ValueError):
    """The desk cannot carry this out; the message says why."""


def control_routes(amazon: AmazonState) -> list[Route]:
    """The routes of the desk; no part of them is Amazon's."""

    async def calls(_request: Request) -> Response:
        return json_answer(_calls(amazon))

    async def state(_request: Request) -> Response:
        return json_answer(_state(amazon))

    async def outcome(_request: Request) -> Response:
        for seller in amazon.sellers.values():
            seller.catch_up(amazon.clock())
        return json_answer({"sellers": [outcome_of(one) for one in amazon.sellers.values()]})

    async def orders(request: Request) -> Response:
        try:
            seller = _seller(amazon, request.query_params.get("sellerId"))
            added = from_json(json.loads(await request.body(), parse_float=Decimal))
        except ValueError as error:
            return json_answer({"error": str(error)}, 400)
        seller.orders.add(added)
        return json_answer({"added": len(added)})

    async def action(request: Request) -> Response:
        try:
            arguments = json.loads(await request.body() or b"{}", parse_float=Decimal)
            done = _act(amazon, request.path_params["action"], arguments)
        except (ValueError, UnknownOrderError) as error:
            return json_answer({"error": str(error)}, 400)
        return json_answer({"result": done})

    return [
        Route("/_simulator/calls", calls),
        Route("/_simulator/state", state),
        Route("/_simulator/outcome", outcome),
        Route("/_simulator/orders", orders, methods=["POST"]),
        Route("/_simulator/orders/{number}", _order_teller(amazon)),
        Route("/_simulator/{action}", action, methods=["POST"]),
    ]


def _order_teller(amazon: AmazonState) -> Callable[[Request], Awaitable[Response]]:
    async def order(request: Request) -> Response:
        number = request.path_params["number"]
        answer = json_answer({"error": f"there is no order {number}"}, 404)
        for seller in amazon.sellers.values():
            seller.catch_up(amazon.clock())
            if seller.orders.get(number):
                answer = json_answer(order_outcome(seller, number))
        # The simulated shop's dashboard reads it, which has another origin.
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    return order


def _act(amazon: AmazonState, name: str, arguments: object) -> object:
    if not isinstance(arguments, dict):
        raise _NotUnderstoodError("the arguments must be an object")
    seller = _seller(amazon, arguments.pop("sellerId", None))
    seller.catch_up(amazon.clock())
    action = _actions(amazon, seller).get(name)
    if action is None:
        raise _NotUnderstoodError(f"there is no action {name}")
    try:
        return validate_call(action)(**arguments)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise _NotUnderstoodError("; ".join(problems)) from error


def _actions(amazon: AmazonState, seller: Seller) -> dict[str, Callable[..., object]]:
    faults, orders, deeds, feeds = amazon.faults, seller.orders, seller.deeds, seller.feeds
    return {
        "throttle_next": faults.throttle_next,
        "fail_next": faults.fail_next,
        "lose_response": faults.lose_response,
        "time_out_next": faults.time_out_next,
        "break_off_next_page": faults.break_off_next_page,
        "forget_all_faults": faults.forget_all,
        "expire_page_tokens": seller.page_tokens.expire_all,
        "hide_from_lists": orders.hide_from_lists,
        "show_in_lists": orders.show_in_lists,
        "change_order": orders.change,
        "advance_order": orders.advance,
        "ask_to_cancel": deeds.ask_to_cancel,
        "refund_in_seller_central": deeds.refund_in_seller_central,
        "doom_next_feed": feeds.doom_next_feed,
        "refuse_next_message": feeds.refuse_next_message,
        "warn_of_next_message": feeds.warn_of_next_message,
        "free_stuck_feeds": feeds.free_stuck_feeds,
        "refuse_orders": seller.refuse_orders,
        "deny_dataset": seller.deny_dataset,
        "grant_dataset": seller.grant_dataset,
        "revoke_consent": seller.revoke_consent,
        "restore_consent": seller.restore_consent,
        "issue_code": lambda: amazon.login.issue_code(seller, now=amazon.clock()),
    }


def _seller(amazon: AmazonState, seller_id: str | None) -> Seller:
    if seller_id is None:
        return amazon.seller
    if seller_id not in amazon.sellers:
        raise _NotUnderstoodError(f"there is no seller {seller_id}")
    return amazon.sellers[seller_id]


def _calls(amazon: AmazonState) -> JsonObject:
    return {
        operation: {
            "calls": asked,
            "refused": {
                str(status): times
                for (refused, status), times in sorted(amazon.refusals.items())
                if refused is operation
            },
        }
        for operation, asked in sorted(amazon.calls.items())
    }


def _state(amazon: AmazonState) -> JsonObject:
    for seller in amazon.sellers.values():
        seller.catch_up(amazon.clock())
    return {
        "now": written(amazon.clock()),
        "speed": amazon.pace.speed,
        "faultsWaiting": len(amazon.faults),
        "sellers": [
            {
                "sellerId": seller.seller_id,
                "consented": seller.consented,
                "ordersRefused": seller.orders_refused,
                "denied": seller.denied,
                "marketplaces": seller.marketplaces,
                "orders": len(seller.orders),
                "byStatus": seller.orders.by_status,
                "stepsWaiting": seller.orders.steps_waiting,
            }
            for seller in amazon.sellers.values()
        ],
    }
