"""The director's desk: orders, failures and changes over HTTP, and what was counted."""

from typing import Any

import pytest

from saleor_amazon_app.simulators.amazon import ScriptedOrder, create_amazon
from tests.simulated_amazon import ORDERS, HandClock, amazon_order, line_to, log_in, order_id

DESK = "/_simulator"
ORDER = f"{ORDERS}/{order_id()}?includedData=FULFILLMENT,RECIPIENT"


async def test_orders_and_timelines_can_be_handed_in() -> None:
    clock = HandClock()
    amazon = create_amazon(clock=clock, speed=60)
    document = {
        "orders": [amazon_order(1, status="PENDING"), amazon_order(2)],
        "timelines": {
            order_id(1): [
                {
                    "after_seconds": 60,
                    "changes": {"fulfillment": {"fulfillmentStatus": "UNSHIPPED"}},
                }
            ]
        },
    }

    async with line_to(amazon) as http:
        added = await http.post(f"{DESK}/orders", json=document)
        before = await http.get(f"{DESK}/state")
        clock.move(seconds=1)
        after = await http.get(f"{DESK}/state")

    assert added.json() == {"added": 2}
    (seller,) = before.json()["sellers"]
    assert seller == {
        "sellerId": "A1SIMULATED",
        "consented": True,
        "ordersRefused": False,
        "denied": {},
        "marketplaces": ["ATVPDKIKX0DER"],
        "orders": 2,
        "byStatus": {"PENDING": 1, "UNSHIPPED": 1},
        "stepsWaiting": 1,
    }
    assert before.json().keys() == {"now", "speed", "faultsWaiting", "sellers"}
    assert after.json()["sellers"][0]["byStatus"] == {"UNSHIPPED": 2}


async def test_every_action_can_be_taken_over_http() -> None:
    amazon = create_amazon([ScriptedOrder(amazon_order())], clock=HandClock())

    async def act(name: str, **arguments: Any) -> Any:
        answer = await http.post(f"{DESK}/{name}", json=arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    async with line_to(amazon) as http:
        await log_in(http)
        await act("throttle_next", times=2, by_gateway=True)
        await act("fail_next", status=500, html=True, operation="searchOrders")
        await act("lose_response")
        await act("time_out_next")
        await act("break_off_next_page")
        assert len(amazon.faults) == 6
        await act("forget_all_faults")
        assert len(amazon.faults) == 0
        await act("expire_page_tokens")
        await act("hide_from_lists", order_id=order_id())
        await act("show_in_lists", order_id=order_id())
        changes = {"fulfillment": {"fulfillmentStatus": "TELEPORTED"}}
        await act("change_order", order_id=order_id(), changes=changes)
        assert await act("advance_order", order_id=order_id()) is False
        await act("doom_next_feed", how="STUCK", carried_out=1)
        await act("refuse_next_message", words="Not now.")
        await act("warn_of_next_message")
        await act("free_stuck_feeds")
        await act("deny_dataset", dataset="RECIPIENT", how="REFUSE_CALL")
        refused = await http.get(ORDER)
        await act("grant_dataset", dataset="RECIPIENT")
        await act("refuse_orders", refused=True)
        await act("refuse_orders", refused=False)
        await act("revoke_consent")
        await act("restore_consent", sellerId="A1SIMULATED")
        assert await act("issue_code")
        granted = await http.get(ORDER)
        calls = await http.get(f"{DESK}/calls")

    assert refused.status_code == 403
    assert granted.json()["order"]["fulfillment"]["fulfillmentStatus"] == "TELEPORTED"
    assert calls.json() == {
        "getOrder": {"calls": 2, "refused": {"403": 1}},
        "getToken": {"calls": 1, "refused": {}},
    }


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("orders", b"{"),
        ("orders", b"[]x"),
        ("orders", b'{"orders": [{"orderId": "1"}]}'),
        ("orders?sellerId=nobody", b"[]"),
        ("sing", b"{}"),
        ("throttle_next", b"[]"),
        ("throttle_next", b'{"times": "many"}'),
        ("throttle_next", b'{"speed": 3}'),
        ("change_order", b'{"order_id": "none", "changes": {}}'),
        ("ask_to_cancel", b'{"order_id": "none"}'),
        ("refund_in_seller_central", b'{"order_id": "1", "order_item_id": "1", "amount": 1}'),
        ("doom_next_feed", b'{"how": "LATE"}'),
        ("revoke_consent", b'{"sellerId": "nobody"}'),
    ],
)
async def test_what_the_desk_does_not_understand_changes_nothing(path: str, body: bytes) -> None:
    amazon = create_amazon()

    async with line_to(amazon) as http:
        answer = await http.post(f"{DESK}/{path}", content=body)
        state = await http.get(f"{DESK}/state")

    assert answer.status_code == 400
    assert "\n" not in answer.json()["error"]
    assert state.json()["faultsWaiting"] == 0
    assert state.json()["sellers"][0]["orders"] == 0
    assert state.json()["sellers"][0]["consented"]
