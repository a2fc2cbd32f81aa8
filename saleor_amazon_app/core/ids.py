"""Ids that carry their owner, so that one system's id is never passed for the other's."""

from typing import NewType
from uuid import UUID

# Amazon's
AmazonOrderId = NewType("AmazonOrderId", str)
OrderItemId = NewType("OrderItemId", str)
MarketplaceId = NewType("MarketplaceId", str)
SellerSku = NewType("SellerSku", str)

# Saleor's: global ids as the host prints them
SaleorApiUrl = NewType("SaleorApiUrl", str)
SaleorOrderId = NewType("SaleorOrderId", str)
SaleorOrderLineId = NewType("SaleorOrderLineId", str)
VariantId = NewType("VariantId", str)
WarehouseId = NewType("WarehouseId", str)
ChannelSlug = NewType("ChannelSlug", str)
ShippingMethodId = NewType("ShippingMethodId", str)
TaxClassId = NewType("TaxClassId", str)
TransactionId = NewType("TransactionId", str)
CustomerId = NewType("CustomerId", str)

# Ours
StoreId = NewType("StoreId", UUID)
