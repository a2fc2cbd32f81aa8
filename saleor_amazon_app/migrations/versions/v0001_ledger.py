"""The ledger's tables.

Until the first release there is this one revision, rewritten whenever a table changes.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes all tables."""
    op.create_table(
        "installations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("saleor_api_url", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("app_url", sa.Text(), nullable=True),
        sa.Column("jwks", JSONB(), nullable=True),
        sa.Column("jwks_fetched_at", MOMENT, nullable=True),
        sa.Column("saleor_version", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("grace_until", MOMENT, nullable=True),
        sa.Column("installed_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installations"),
        sa.UniqueConstraint("saleor_api_url", name="uq_installations_saleor_api_url"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("installation_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("payload", JSONB(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("handled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["installation_id"],
            ["installations.id"],
            name="fk_inbox_installation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint(
            "installation_id", "event", "digest", name="uq_inbox_installation_id_event_digest"
        ),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_table(
        "consents",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("installation_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("draft", JSONB(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["installation_id"],
            ["installations.id"],
            name="fk_consents_installation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name="pk_consents"),
    )
    op.create_index("ix_consents_expires_at", "consents", ["expires_at"])
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("installation_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("store_name", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["installation_id"],
            ["installations.id"],
            name="fk_journal_installation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
    )
    op.create_index("ix_journal_newest", "journal", ["installation_id", "id"])
    op.create_table(
        "host_copies",
        sa.Column("installation_id", sa.Uuid(), nullable=False),
        sa.Column("amazon_order_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("erase_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["installation_id"],
            ["installations.id"],
            name="fk_host_copies_installation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("installation_id", "amazon_order_id", name="pk_host_copies"),
    )
    op.create_index("ix_host_copies_due", "host_copies", ["installation_id", "erase_at"])
    op.create_index(
        "ix_host_copies_customer",
        "host_copies",
        ["installation_id", "customer_id"],
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_table(
        "stores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("installation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("seller_id", sa.Text(), nullable=True),
        sa.Column("marketplaces", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("lwa_client_id", sa.Text(), nullable=False),
        sa.Column("lwa_client_secret", sa.LargeBinary(), nullable=False),
        sa.Column("refresh_token", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("granted_datasets", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("connected_at", MOMENT, nullable=False),
        sa.Column("last_synced_at", MOMENT, nullable=True),
        sa.Column("next_sync_at", MOMENT, nullable=False),
        sa.Column("next_sweep_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["installation_id"], ["installations.id"], name="fk_stores_installation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stores"),
        sa.UniqueConstraint("installation_id", "name", name="uq_stores_installation_id_name"),
        sa.UniqueConstraint(
            "installation_id",
            "region",
            "seller_id",
            name="uq_stores_installation_id_region_seller_id",
        ),
    )
    op.create_table(
        "problems",
        sa.Column("installation_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["installation_id"],
            ["installations.id"],
            name="fk_problems_installation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("installation_id", "key", name="pk_problems"),
    )
    op.create_index(
        "ix_stores_due", "stores", ["next_sync_at"], postgresql_where=sa.text("status = 'ACTIVE'")
    )
    op.create_table(
        "access_tokens",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("fetching_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name="fk_access_tokens_store_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("store_id", name="pk_access_tokens"),
    )
    op.create_table(
        "buckets",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("full_at", MOMENT, nullable=False),
        sa.Column("learned_rate", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name="fk_buckets_store_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("store_id", "operation", name="pk_buckets"),
    )
    op.create_table(
        "choices",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name="fk_choices_store_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("store_id", name="pk_choices"),
    )
    op.create_table(
        "communication_errors",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("amazon_order_id", sa.Text(), nullable=True),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["stores.id"],
            name="fk_communication_errors_store_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_communication_errors"),
    )
    op.create_index(
        "ix_communication_errors_newest", "communication_errors", ["store_id", "at", "id"]
    )
    op.create_table(
        "cursors",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("high_water", MOMENT, nullable=True),
        sa.Column("query", JSONB(), nullable=True),
        sa.Column("next_token", sa.Text(), nullable=True),
        sa.Column("token_issued_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name="fk_cursors_store_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("store_id", "reading", name="pk_cursors"),
    )
    op.create_table(
        "booked_refunds",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Text(), nullable=False),
        sa.Column("amazon_order_id", sa.Text(), nullable=False),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("parts", JSONB(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name="fk_booked_refunds_store_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("store_id", "transaction_id", name="pk_booked_refunds"),
    )
    op.create_index("ix_booked_refunds_order", "booked_refunds", ["store_id", "amazon_order_id"])
    op.create_index(
        "ix_booked_refunds_open",
        "booked_refunds",
        ["store_id"],
        postgresql_where=sa.text("made_by IN ('OPEN', 'UNCLEAR')"),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("amazon_order_id", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("details", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name="fk_history_store_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
    )
    op.create_index("ix_history_order", "history", ["store_id", "amazon_order_id", "id"])
    op.create_table(
        "orders",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("amazon_order_id", sa.Text(), nullable=False),
        sa.Column("marketplace_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_before", sa.Text(), nullable=True),
        sa.Column("fulfilled_by", sa.Text(), nullable=True),
        sa.Column("purchased_at", MOMENT, nullable=False),
        sa.Column("last_updated_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ship_by", MOMENT, nullable=True),
        sa.Column("deliver_by", MOMENT, nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=True),
        sa.Column("grand_total", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("number_of_items", sa.Integer(), nullable=False),
        sa.Column("programs", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("import_state", sa.Text(), nullable=False),
        sa.Column("reasons", JSONB(), nullable=False),
        sa.Column("decided_for", MOMENT, nullable=True),
        sa.Column("followed_for", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("claim_token", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("intent", JSONB(), nullable=True),
        sa.Column("saleor_order_id", sa.Text(), nullable=True),
        sa.Column("saleor_order_number", sa.Text(), nullable=True),
        sa.Column("saleor_total_gross", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("totals_equal", sa.Boolean(), nullable=True),
        sa.Column("saleor_lines", JSONB(), nullable=True),
        sa.Column("last_note", sa.Text(), nullable=True),
        sa.Column("last_note_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name="fk_orders_store_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("store_id", "amazon_order_id", name="pk_orders"),
    )
    op.create_index(
        "ix_orders_due",
        "orders",
        ["store_id", "due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    _index_orders()
    op.create_table(
        "buyers",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("amazon_order_id", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("edited", sa.LargeBinary(), nullable=True),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("delivered_by", MOMENT, nullable=True),
        sa.Column("erase_after", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "amazon_order_id"],
            ["orders.store_id", "orders.amazon_order_id"],
            name="fk_buyers_store_id_amazon_order_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "amazon_order_id", name="pk_buyers"),
    )
    op.create_index("ix_buyers_erase_after", "buyers", ["erase_after"])
    op.create_index(
        "ix_buyers_customer",
        "buyers",
        ["store_id", "customer_id"],
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_table(
        "buyer_words",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.LargeBinary(), nullable=False),
        sa.Column("amazon_order_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "amazon_order_id"],
            ["buyers.store_id", "buyers.amazon_order_id"],
            name="fk_buyer_words_store_id_amazon_order_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "word", "amazon_order_id", name="pk_buyer_words"),
    )
    op.create_index("ix_buyer_words_order", "buyer_words", ["store_id", "amazon_order_id"])
    op.create_table(
        "former_buyers",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("amazon_order_id", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "amazon_order_id"],
            ["buyers.store_id", "buyers.amazon_order_id"],
            name="fk_former_buyers_store_id_amazon_order_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "amazon_order_id", "until", name="pk_former_buyers"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("amazon_order_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("package_reference", sa.Text(), nullable=True),
        sa.Column("feed_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("telling_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("deadline", MOMENT, nullable=True),
        sa.Column("claim_token", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", MOMENT, nullable=True),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("sending_at", MOMENT, nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id", "amazon_order_id"],
            ["orders.store_id", "orders.amazon_order_id"],
            name="fk_outbox_store_id_amazon_order_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("store_id", "kind", "key", name="uq_outbox_store_id_kind_key"),
    )
    op.create_index("ix_outbox_newest", "outbox", ["store_id", "planned_at", "id"])
    op.create_index("ix_outbox_order", "outbox", ["store_id", "amazon_order_id"])
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["store_id", "due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_untold",
        "outbox",
        ["store_id"],
        postgresql_where=sa.text("note IS NOT NULL"),
    )


def _index_orders() -> None:
    also = (
        "purchased_at",
        "status",
        "import_state",
        "fulfilled_by",
        "marketplace_id",
        "currency",
        "grand_total",
    )
    saleor_number = "coalesce(lpad(saleor_order_number, 20, '0'), '~')"
    sorted_by = {
        "purchased_at": ["purchased_at"],
        "amazon_order_id": [],
        "saleor_order_number": [saleor_number],
        "status": ["status", "purchased_at"],
        "total": ["coalesce(currency, '~~~')", "coalesce(grand_total, '0'::numeric)"],
        "fulfilment": ["coalesce(fulfilled_by, '~')", "purchased_at"],
        "marketplace": ["coalesce(marketplace_id, '~')", "purchased_at"],
        "ship_by": ["coalesce(ship_by, 'infinity'::timestamptz)"],
        "last_note": ["coalesce(last_note_at, 'infinity'::timestamptz)"],
    }
    anything = ("saleor_order_number", "ship_by", "last_note_at")
    further = {
        "purchased_at": anything,
        "status": anything,
        "total": anything,
        "saleor_order_number": ("saleor_order_number",),
        "ship_by": ("ship_by",),
        "last_note": ("last_note_at",),
    }
    for name, keys in sorted_by.items():
        op.create_index(
            f"ix_orders_by_{name}",
            "orders",
            ["store_id", *map(sa.text, keys), "amazon_order_id"],
            postgresql_include=[
                each for each in (*also, *further.get(name, ())) if each not in keys
            ],
        )
    op.create_index(
        "ix_orders_held",
        "orders",
        ["store_id", "purchased_at", "amazon_order_id"],
        postgresql_include=[each for each in (*also, *anything) if each != "purchased_at"],
        postgresql_where=sa.text("import_state = 'HELD'"),
    )
    op.create_index(
        "ix_orders_saleor_number",
        "orders",
        ["store_id", "saleor_order_number"],
        postgresql_ops={"saleor_order_number": "text_pattern_ops"},
    )
    op.create_index("ix_orders_saleor_id", "orders", ["store_id", "saleor_order_id"])
    # Marketplaces and their currencies go together, so do statuses and what became of orders.
    op.execute(
        "CREATE STATISTICS orders_together (mcv) ON status, import_state, "
        "coalesce(fulfilled_by, '~'), coalesce(marketplace_id, '~'), coalesce(currency, '~~~') "
        "FROM orders"
    )
